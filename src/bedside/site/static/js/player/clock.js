// @ts-check
// Time as the player sees it. The server owns time: this clock only counts from the server's last word, on the computer's
// monotonic clock, so that a wrong or changed wall clock changes nothing. Only after a reload without network, when the
// monotonic clock has begun anew, is the wall clock asked how long ago that word was.

const ASLEEP_MS = 5000; // the wall clock gains this much on the monotonic one: the computer slept, or its clock was set

/**
 * What can run down: the open block, the break bank, a fixed break, the tutorial, the time for which the clock may be stopped.
 * @typedef {"block" | "break" | "fixed" | "tutorial" | "stop"} Count
 * @typedef {Record<Count, number | null>} Counts milliseconds left; null where it doesn't run
 */

/** @type {Counts} */
export const NOTHING_RUNS = { block: null, break: null, fixed: null, tutorial: null, stop: null };
const NAMES = /** @type {Count[]} */ (Object.keys(NOTHING_RUNS));

export class Clock {
  synced = performance.now();
  /** @type {Counts} by this computer's monotonic clock, when nothing is left of each */ ends = { ...NOTHING_RUNS };
  drift = Date.now() - performance.now();

  /** Milliseconds since the server's last word. */
  elapsed() {
    return Math.max(0, Math.round(performance.now() - this.synced));
  }

  /** The server spoke just now. */
  sync() {
    this.synced = performance.now();
    this.drift = Date.now() - performance.now();
  }

  /** Only these run from now on.  @param {Partial<Counts>} left */
  run(left) {
    const now = performance.now();
    this.ends = mapped((name) => (left[name] === null || left[name] === undefined ? null : now + left[name]));
  }

  /** Take up the count of an earlier page.  @param {number} synced_wall  @param {Counts | undefined} walls  @param {number} least_ms */
  takeUp(synced_wall, walls, least_ms) {
    this.synced = performance.now() - Math.max(least_ms, Date.now() - synced_wall);
    if (walls) this.run(mapped((name) => (walls[name] === null ? null : walls[name] - Date.now())));
  }

  /** What is left; below nothing for a break that is overrun, null where it doesn't run.  @param {Count} name */
  left(name) {
    const end = this.ends[name];
    return end === null ? null : end - performance.now();
  }

  /** @returns {Counts} */
  allLeft() {
    return mapped((name) => this.left(name));
  }

  /** What is left of the block, or null without a clock. */
  remaining() {
    const left = this.left("block");
    return left === null ? null : Math.max(0, left);
  }

  /** These counts on this computer's wall clock, to be kept beside the sitting.  @param {Partial<Counts>} left  @returns {Counts} */
  walls(left = this.allLeft()) {
    return mapped((name) => (left[name] === null || left[name] === undefined ? null : Date.now() + left[name]));
  }

  /** Did the computer sleep since the server's last word? Then the server has to be asked before anything is counted. */
  hasSlept() {
    return Math.abs(Date.now() - performance.now() - this.drift) > ASLEEP_MS;
  }
}

/** @param {(name: Count) => number | null} value  @returns {Counts} */
const mapped = (value) => /** @type {Counts} */ (Object.fromEntries(NAMES.map((name) => [name, value(name)])));

/** 1:02:03 or 29:59; with a minus sign where it is overrun.  @param {number} ms */
export function asClock(ms) {
  const seconds = Math.abs(Math.ceil(ms / 1000));
  const [hours, minutes, last] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = String(last).padStart(2, "0");
  const text = hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
  return ms <= -1000 ? `−${text}` : text;
}
