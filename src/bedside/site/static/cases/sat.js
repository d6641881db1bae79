// @ts-check
// A case that is part of a sitting: who may write, what the proctor does, and the way back to the sitting's own page.

import { call, Refused } from "../js/player/net.js";
import { say } from "../js/words.js";

const PULSE_MS = 20_000; // as the sitting's own page asks
const GONE = new Set(["block_closed", "block_not_open", "not_found"]); // over, or its clock stands: the sitting's page says so

/**
 * @typedef {object} Desk
 * @property {() => void} reread the case may have come to stand otherwise
 * @property {(text: string) => void} tell
 */

export class Sat {
  /** @type {string | null} */ writer = null;
  /** @type {Promise<string> | null} */ asked = null; // one call at a time: a second writer would stop the first
  version = -1;
  read = 0; // messages of the proctor that were shown

  /** @param {any} player @param {any} state @param {Desk} desk */
  constructor(player, state, desk) {
    this.player = player;
    this.desk = desk;
    this.key = `bedside-case-writer-${player.sitting}`;
    this.read = state.sitting.messages.length;
    const kept = sessionStorage.getItem(this.key);
    if (kept && (kept === state.sitting.writer || !navigator.onLine)) this.writer = kept;
    void this.take().catch(() => undefined); // without network it is taken with the first command
    if (state.sitting.is_proctored) setInterval(() => void this.pulse(), PULSE_MS);
  }

  /** Become the writer, once; the page of before stops. @returns {Promise<{writer: string}>} */
  async take() {
    if (this.writer === null) {
      this.asked ??= call("POST", `${this.player.sitting_api}/writers`).then(({ writer }) => writer);
      try {
        this.writer = await this.asked;
      } finally {
        this.asked = null;
      }
      sessionStorage.setItem(this.key, this.writer ?? "");
    }
    return { writer: /** @type {string} */ (this.writer) };
  }

  async pulse() {
    try {
      const told = await call("GET", `${this.player.sitting_api}/pulse`);
      for (const message of told.messages.slice(this.read)) this.desk.tell(say("message", { text: message.text }));
      this.read = told.messages.length;
      if (told.state !== "in_block") this.leave();
      else if (told.version !== this.version && this.version >= 0) this.desk.reread();
      this.version = told.version;
    } catch (error) {
      this.left(error);
    }
  }

  /** Did the server say that nothing goes on here? Then the sitting's own page does. @param {unknown} error */
  left(error) {
    const isGone = error instanceof Refused && GONE.has(error.code);
    if (isGone) this.leave();
    return isGone;
  }

  leave() {
    location.replace(this.player.debrief_url);
  }
}
