// @ts-check
// What was graded, on its way: it is in this browser's store before the next card is shown, goes out in its order, and leaves
// the store when the server has it. Without network it waits there, also over a closed page.

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
const TIMEOUT_MS = 15_000;
const BATCH = 50;

/**
 * @typedef {object} Deed
 * @property {string} id of this deed, by which it leaves the store
 * @property {"grade" | "undo" | "aside" | "resume"} do
 * @property {string} [review]
 * @property {string} [subject]
 * @property {number} [grade]
 * @property {string} [piece] the asking that was graded
 * @property {string} [card]
 * @property {number} at_ms by this computer's clock, which only its own differences are taken of
 */

/**
 * @typedef {object} Desk what the outbox tells
 * @property {() => void} changed how much waits, or whether it can be sent
 * @property {(deed: Deed, why: string) => void} refused
 */

export class Outbox {
  isFailing = false;
  isSignedOut = false;
  isClosed = false; // a proctored sitting is under way
  isKept = true;
  isSending = false;
  isAskedAgain = false;
  failures = 0;
  /** @type {Deed[]} where the browser keeps nothing */ memory = [];
  /** @type {Set<string>} */ inFlight = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer = undefined;
  /** @type {(() => void)[]} */ waiters = [];

  /** @param {string} path @param {string} user whose grades they are @param {() => string} token @param {Desk} desk */
  constructor(path, user, token, desk) {
    this.path = path;
    this.key = `bedside-study-${user}`;
    this.token = token;
    this.desk = desk;
    addEventListener("online", () => this.wake());
  }

  /** @returns {Deed[]} what waits, in its order; another tab may have put some of it there */
  all() {
    if (!this.isKept) return this.memory;
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]");
    } catch {
      this.isKept = false;
      return this.memory;
    }
  }

  /** @param {Deed[]} deeds */
  write(deeds) {
    this.memory = deeds;
    if (this.isKept) {
      try {
        if (deeds.length) localStorage.setItem(this.key, JSON.stringify(deeds));
        else localStorage.removeItem(this.key);
      } catch {
        this.isKept = false; // full, or not given: the page still has them
      }
    }
    this.desk.changed();
  }

  /** @param {Deed} deed */
  push(deed) {
    this.write([...this.all(), deed]);
    this.wake();
  }

  /** Take a grade out that was never sent. @param {string} review @returns {boolean} whether it was there still */
  recall(review) {
    const deeds = this.all();
    const found = deeds.find((deed) => deed.do === "grade" && deed.review === review);
    if (!found || this.inFlight.has(found.id)) return false;
    this.write(deeds.filter((deed) => deed !== found));
    return true;
  }

  wake() {
    clearTimeout(this.timer);
    this.isAskedAgain = true;
    if (!this.isSending) void this.run();
  }

  /** Until all is sent, or sending fails. @returns {Promise<boolean>} whether nothing waits */
  async settled() {
    if (!this.all().length) return true;
    const told = new Promise((resolve) => this.waiters.push(() => resolve(undefined)));
    this.wake();
    await told;
    return this.all().length === 0;
  }

  async run() {
    this.isSending = true;
    try {
      while (this.isAskedAgain) {
        this.isAskedAgain = false;
        for (let batch = this.all().slice(0, BATCH); batch.length; batch = this.all().slice(0, BATCH)) await this.send(batch);
      }
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
      for (const waiter of this.waiters.splice(0)) waiter();
    }
  }

  /** @param {Deed[]} batch */
  async send(batch) {
    const now_ms = Date.now();
    const deeds = batch.map(({ at_ms, id, piece, ...deed }) => ({ ...deed, age_ms: Math.max(0, now_ms - at_ms) }));
    this.inFlight = new Set(batch.map((deed) => deed.id));
    try {
      const answer = await fetch(this.path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token(), Accept: "application/json" },
        body: JSON.stringify({ deeds }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        cache: "no-store",
        keepalive: true, // the page may be left meanwhile
      });
      this.isSignedOut = answer.status === 401 || answer.status === 403;
      this.isClosed = answer.status === 409;
      // a call that can't be read would never be taken: one by one, so that what is wrong goes alone
      if (answer.status === 400) return await this.sendAlone(batch, answer);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const told = await answer.json();
      for (const { place, detail } of told.refused) this.desk.refused(batch[place], detail);
      this.drop(batch);
    } finally {
      this.inFlight = new Set();
    }
  }

  /** @param {Deed[]} batch @param {Response} answer */
  async sendAlone(batch, answer) {
    if (batch.length > 1) {
      for (const deed of batch) await this.send([deed]);
      return;
    }
    const told = await answer.json().catch(() => ({}));
    this.desk.refused(batch[0], told.detail ?? "");
    this.drop(batch);
  }

  /** @param {Deed[]} batch */
  drop(batch) {
    const gone = new Set(batch.map((deed) => deed.id));
    this.write(this.all().filter((deed) => !gone.has(deed.id)));
  }
}

/** A random UUID; also where the page is not served securely and the browser gives none. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
