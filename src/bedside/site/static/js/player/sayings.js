// @ts-check
// What is said after a wrong answer: kept on this computer before it shows, sent when the network is there, and fetched again.
// It is no part of the sitting's log, since it changes nothing that was sat.

import { Refused, call } from "./net.js";
import { newId } from "./ids.js";

/** @typedef {import("./session.js").Session} Session */

const AGAIN_MS = 10_000;
const LATER = new Set(["sealed", "forged", "not_signed_in", "not_finished"]); // refusals that pass

export class Sayings {
  isRunning = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer = undefined;

  /** @param {Session} session */
  constructor(session) {
    this.session = session;
  }

  /** What the server lacks.  @returns {[string, import("./model.js").Why][]} */
  unsent() {
    return Object.entries(this.session.model?.reasons ?? {}).filter(([, why]) => !why.isSent);
  }

  begin() {
    addEventListener("online", () => void this.send());
    return this.exchange(true);
  }

  /** @param {string} item  @param {string} reason  @param {string} confusedWith */
  async say(item, reason, confusedWith) {
    const why = { id: newId(), reason, confused_with: confusedWith, said_at: Date.now(), isSent: false };
    await this.session.keep((model) => ({ ...model, reasons: { ...model.reasons, [item]: why } }));
    await this.session.tellSaved(this.session.isFailing);
    void this.send();
  }

  /** The network is there: send what waits, and fetch what was noted and said elsewhere.  @param {boolean} isNew came an explanation? */
  async exchange(isNew) {
    if (this.session.model.mode !== "tutor") return;
    await this.send();
    if (isNew && Object.keys(this.session.model.revealed).length) await this.fetch();
  }

  async send() {
    clearTimeout(this.timer);
    if (this.isRunning || !this.unsent().length || this.session.isTaken) return;
    this.isRunning = true;
    try {
      for (let [first] = this.unsent(); first && !this.session.isTaken; [first] = this.unsent()) await this.sendOne(...first);
      await this.session.tellSaved(false);
    } catch (error) {
      this.timer = setTimeout(() => void this.send(), AGAIN_MS);
      await this.session.tellSaved(!(error instanceof Refused) || this.session.isFailing);
    } finally {
      this.isRunning = false;
    }
  }

  /** @param {string} item  @param {import("./model.js").Why} why */
  async sendOne(item, why) {
    const { id, reason, confused_with, said_at } = why;
    try {
      await call("POST", `${this.session.path}/reasons`, { id, item, reason, confused_with, ago_ms: Math.max(0, Date.now() - said_at) });
    } catch (error) {
      if (!(error instanceof Refused) || LATER.has(error.code)) throw error; // else it is never taken, and waits no longer
    }
    await this.session.keep((model) => {
      const now = model.reasons[item];
      return now?.id === id ? { ...model, reasons: { ...model.reasons, [item]: { ...now, isSent: true } } } : model;
    });
  }

  async fetch() {
    try {
      const { items } = await call("GET", `${this.session.path}/reasons`);
      await this.session.keep((model) => items.reduce(known, model));
    } catch {
      // it comes with the next explanation
    }
  }
}

/** @param {import("./model.js").Model} model  @param {any} told  @returns {import("./model.js").Model} */
function known(model, { item, reason, note }) {
  const isMine = model.reasons[item] && !model.reasons[item].isSent;
  const why = reason && { id: reason.id, reason: reason.reason, confused_with: reason.confused_with, said_at: 0, isSent: true };
  return {
    ...model,
    reasons: why && !isMine ? { ...model.reasons, [item]: why } : model.reasons,
    earlier: { ...model.earlier, [item]: note },
  };
}
