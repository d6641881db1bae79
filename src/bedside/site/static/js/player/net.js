// @ts-check
// Calls of the API, and the sender that empties the queue: one batch at a time, again and again until the server has it.

import { readBlock } from "../words.js";

const TIMEOUT_MS = 15_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 20_000;
/** What the server says of an event that it can't read at all; every other refusal may pass, and the event waits. */
const UNREADABLE = new Set(["invalid", "bad_request", "usage"]);
const BATCH = 100;

const player = readBlock("player");

/** What the server answered with a status of its own: no network trouble, and no use in asking the same again. */
export class Refused extends Error {
  /** @param {number} status  @param {any} body */
  constructor(status, body) {
    super(body?.detail ?? `status ${status}`);
    this.status = status;
    this.body = body;
    this.code = body?.code ?? "";
  }
}

/** The forgery token, as the cookie holds it now. */
function token() {
  const name = `${player.csrf_cookie}=`;
  const part = document.cookie.split("; ").find((cookie) => cookie.startsWith(name));
  return part ? decodeURIComponent(part.slice(name.length)) : "";
}

/**
 * One call. Rejects with `Refused` where the server said no, with anything else where it could not be reached or is ill.
 * @param {string} method  @param {string} path  @param {unknown} [body]  @returns {Promise<any>}
 */
export async function call(method, path, body) {
  /** @type {RequestInit} */
  const request = { method, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store" };
  if (method !== "GET") {
    request.headers = { ...request.headers, "Content-Type": "application/json", "X-CSRFToken": token() };
    request.body = JSON.stringify(body ?? {});
  }
  const answer = await fetch(path, request);
  if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
  const told = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, told);
  return told;
}

/**
 * @typedef {object} Desk what the sender asks and tells
 * @property {() => Promise<{writer: string, events: import("./queue.js").Waiting[]}>} next
 * @property {(writer: string, told: any) => Promise<void>} taken
 * @property {(event: import("./queue.js").Waiting, error: Refused) => Promise<void>} unreadable
 * @property {(writer: string, told: any) => Promise<void>} superseded by another player; what was done before that is kept
 * @property {(state: {isSending: boolean, isFailing: boolean}) => void} changed
 */

export class Sender {
  isRunning = false;
  isAsked = false;
  isStopped = false;
  failures = 0;
  batch = BATCH;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer = undefined;

  /** @param {string} path of the sitting's events  @param {Desk} desk */
  constructor(path, desk) {
    this.path = path;
    this.desk = desk;
    addEventListener("online", () => this.wake());
  }

  /** Send now, whatever wait was under way. */
  wake() {
    clearTimeout(this.timer);
    this.isAsked = true;
    if (!this.isRunning && !this.isStopped) void this.run();
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  async run() {
    this.isRunning = true;
    try {
      while (this.isAsked && !this.isStopped) {
        this.isAsked = false;
        while (!this.isStopped && (await this.sendOne()));
      }
      this.failures = 0;
      this.desk.changed({ isSending: false, isFailing: false });
    } catch {
      this.failures += 1;
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.failures - 1)) * (0.75 + Math.random() / 2);
      this.desk.changed({ isSending: false, isFailing: true });
      if (!this.isStopped) this.timer = setTimeout(() => this.wake(), wait);
    } finally {
      this.isRunning = false;
    }
  }

  /** One batch. Answers false when nothing waits.  @returns {Promise<boolean>} */
  async sendOne() {
    const { writer, events } = await this.desk.next();
    const batch = events.slice(0, this.batch);
    if (!batch.length) return false;
    this.desk.changed({ isSending: true, isFailing: this.failures > 0 });
    const body = {
      writer,
      events: batch.map(({ seq, type, elapsed_ms, sync, fields }) => ({ seq, type, elapsed_ms, sync, ...fields })),
    };
    try {
      const told = await call("POST", this.path, body);
      // nothing of it was stored: an earlier event is missing there, and asking at once would ask for ever
      if (told.acknowledged < batch[0].seq) throw new Error("out of order");
      await this.desk.taken(writer, told);
      this.batch = BATCH;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await this.onRefused(error, writer, batch);
    }
    return !this.isStopped;
  }

  /** @param {Refused} error  @param {string} writer  @param {import("./queue.js").Waiting[]} batch */
  async onRefused(error, writer, batch) {
    if (error.code === "writer_superseded" || error.code === "event_differs") {
      await this.desk.superseded(writer, error.body);
    } else if (UNREADABLE.has(error.code)) {
      // one event can't be read: the others go one by one, so that it alone stays behind
      if (batch.length === 1) await this.desk.unreadable(batch[0], error);
      this.batch = 1;
    } else {
      throw new Error(`status ${error.status}`); // signed out, or the forgery token changed: asked again after the wait
    }
  }
}
