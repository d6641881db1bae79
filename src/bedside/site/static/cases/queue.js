// @ts-check
// Commands on their way: each is in this browser's store before anything else, goes out in its order, and leaves the store when
// the server has it. Without network they wait there, also over a closed page.

import { call, Refused } from "../js/player/net.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
const BATCH = 50;

/** @typedef {{seq: number, command: any, real_ms: number, typed: string}} Waiting */
/**
 * @typedef {object} Desk what the queue tells
 * @property {(state: any) => void} taken the run as it stands now
 * @property {(reason: string, dropped: Waiting[]) => void} dropped commands that were not taken
 * @property {(text: string) => void} failed the server refused the call altogether; what waited is gone
 * @property {() => void} changed how much waits, or whether it can be sent
 * @property {() => void} [superseded] another tab or computer has the sitting
 */

export class Queue {
  isFailing = false;
  isSending = false;
  isKept = true;
  isSignedOut = false;
  isTaken = false; // another tab or computer has the sitting that the case is part of
  /** What goes with commands.  @type {() => Promise<object>} */ more = async () => ({});
  failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer = undefined;

  /** @param {string} api of the run @param {string} id of the run @param {number} last the number of the last command that the server has @param {Desk} desk */
  constructor(api, id, last, desk) {
    this.api = api;
    this.key = `bedside-case-${id}`;
    this.last = last;
    this.desk = desk;
    /** @type {Waiting[]} */
    this.waiting = this.read().filter((one) => one.seq > last);
    addEventListener("online", () => this.wake());
  }

  /** @returns {Waiting[]} */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }

  write() {
    try {
      if (this.waiting.length) localStorage.setItem(this.key, JSON.stringify(this.waiting));
      else localStorage.removeItem(this.key);
    } catch {
      this.isKept = false;
    }
    this.desk.changed();
  }

  /** @param {any[]} commands @param {number} real_ms @param {string[]} [typed] of each */
  push(commands, real_ms, typed = []) {
    if (this.isTaken) return;
    const next = (this.waiting.at(-1)?.seq ?? this.last) + 1;
    commands.forEach((command, n) => this.waiting.push({ seq: next + n, command, real_ms, typed: typed[n] ?? "" }));
    this.write();
    this.wake();
  }

  wake() {
    clearTimeout(this.timer);
    if (!this.isSending) void this.run();
  }

  async run() {
    this.isSending = true;
    try {
      while (this.waiting.length) await this.sendSome();
      this.failures = 0;
      this.isFailing = false;
    } catch {
      this.failures += 1;
      this.isFailing = true;
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.failures - 1)) * (0.75 + Math.random() / 2);
      this.timer = setTimeout(() => this.wake(), wait);
    } finally {
      this.isSending = false;
      this.desk.changed();
    }
  }

  async sendSome() {
    this.desk.changed();
    const commands = this.waiting.slice(0, BATCH);
    let told;
    try {
      told = await call("POST", `${this.api}/commands`, { commands, ...(await this.more()) });
    } catch (error) {
      if (error instanceof Refused && error.code === "writer_superseded") {
        this.isTaken = true;
        this.waiting = [];
        this.write();
        this.desk.superseded?.();
        return;
      }
      this.isSignedOut = error instanceof Refused && (error.status === 401 || error.status === 403);
      if (!(error instanceof Refused) || this.isSignedOut) throw error;
      await this.giveUp(error);
      return;
    }
    this.isFailing = this.isSignedOut = false;
    this.last = told.state.last_seq;
    this.waiting = this.waiting.filter((one) => one.seq > told.acknowledged);
    if (told.refused) this.drop(told.refused);
    this.write();
    this.desk.taken(told.state);
  }

  /** One command was not taken: it goes, and those after it close up, or go as well where the case is over. @param {{seq: number, reason: string}} refused */
  drop({ seq, reason }) {
    const isOver = reason === "case_over";
    const gone = this.waiting.filter((one) => (isOver ? one.seq >= seq : one.seq === seq));
    this.waiting = isOver ? [] : this.waiting.filter((one) => one.seq !== seq).map((one, n) => ({ ...one, seq: this.last + 1 + n }));
    this.desk.dropped(reason, gone);
  }

  /** The numbers don't fit, or the call can't be served: the server's word counts. @param {Refused} error */
  async giveUp(error) {
    this.waiting = [];
    this.write();
    const isElsewhere = error.code === "command_differs" || error.code === "command_gap";
    this.desk.failed(isElsewhere ? "" : error.message);
    const state = await call("GET", this.api);
    this.last = state.last_seq;
    this.desk.taken(state);
  }
}
