// @ts-check
// Time as the player sees it. The server owns time: this clock only counts from the server's last word, on the computer's
// monotonic clock, so that a wrong or changed wall clock changes nothing. Only after a reload without network, when the
// monotonic clock has begun anew, is the wall clock asked how long ago that word was.

const ASLEEP_MS = 5000; // the wall clock gains this much on the monotonic one: the computer slept, or its clock was set

export class Clock {
  synced = performance.now();
  /** @type {number | null} */ deadline = null;
  drift = Date.now() - performance.now();

  /** Milliseconds since the server's last word. */
  elapsed() {
    return Math.max(0, Math.round(performance.now() - this.synced));
  }

  /** The server spoke just now.  @param {number | null | undefined} remaining_ms of the open block, null without a clock */
  sync(remaining_ms) {
    this.synced = performance.now();
    this.drift = Date.now() - performance.now();
    this.setRemaining(remaining_ms);
  }

  /** @param {number | null | undefined} remaining_ms */
  setRemaining(remaining_ms) {
    this.deadline = remaining_ms === null || remaining_ms === undefined ? null : performance.now() + remaining_ms;
  }

  /** Take up the count of an earlier page.  @param {number} synced_wall  @param {number | null} deadline_wall  @param {number} least_ms */
  takeUp(synced_wall, deadline_wall, least_ms) {
    this.synced = performance.now() - Math.max(least_ms, Date.now() - synced_wall);
    if (deadline_wall !== null) this.setRemaining(deadline_wall - Date.now());
  }

  /** What is left of the block, or null without a clock. */
  remaining() {
    return this.deadline === null ? null : Math.max(0, this.deadline - performance.now());
  }

  /** The deadline on this computer's wall clock, to be kept beside the sitting. */
  deadlineWall() {
    const remaining = this.remaining();
    return remaining === null ? null : Date.now() + remaining;
  }

  /** Did the computer sleep since the server's last word? Then the server has to be asked before anything is counted. */
  hasSlept() {
    return Math.abs(Date.now() - performance.now() - this.drift) > ASLEEP_MS;
  }
}

/** 1:02:03 or 29:59.  @param {number} ms */
export function asClock(ms) {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours, ...rest] = parts;
  const [minutes, last] = rest;
  const tail = String(last).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}
