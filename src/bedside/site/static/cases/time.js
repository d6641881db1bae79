// @ts-check
// Virtual time in words: spans, and instants of the case as days and times of the clock on the wall.

import { say } from "../js/words.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const WEEK = 7 * DAY;

/** 90 → "2 min" … 5400 → "1 h 30 min" … @param {number} seconds */
export function span(seconds) {
  if (seconds < MINUTE) return say("span_s", { n: Math.round(seconds) });
  if (seconds < HOUR) return say("span_m", { n: Math.round(seconds / MINUTE) });
  if (seconds < 2 * DAY) {
    const minutes = Math.round(seconds / MINUTE);
    const [h, m] = [Math.floor(minutes / 60), minutes % 60];
    return m ? say("span_hm", { h, m }) : say("span_h", { n: h });
  }
  if (seconds >= 2 * WEEK && seconds % WEEK === 0) return say("span_w", { n: seconds / WEEK });
  const hours = Math.round(seconds / HOUR);
  const [d, h] = [Math.floor(hours / 24), hours % 24];
  return h ? say("span_dh", { d, h }) : say("span_d", { n: d });
}

/** The wall clock of the case, from "Mon 07:40". */
export class WallClock {
  /** @param {string} start */
  constructor(start) {
    const [weekday, time] = start.split(" ");
    const [hours, minutes] = time.split(":").map(Number);
    this.weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(weekday);
    this.start_s = hours * HOUR + minutes * MINUTE;
  }

  /** @param {number} at_s */
  parts(at_s) {
    const all = this.start_s + at_s;
    const day = Math.floor(all / DAY);
    const rest = all % DAY;
    const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
    const time = `${two(Math.floor(rest / HOUR))}:${two(Math.floor((rest % HOUR) / MINUTE))}`;
    return { weekday: say("weekdays").split(" ")[(this.weekday + day) % 7], day: day + 1, time };
  }

  /** "Mon 07:55, day 1" @param {number} at_s */
  long(at_s) {
    return say("at_clock", this.parts(at_s));
  }

  /** "day 1, 07:55" @param {number} at_s */
  short(at_s) {
    return say("at_short", this.parts(at_s));
  }

  /** Seconds of the case at a time of a day of it. @param {number} day from 1 @param {string} time "07:55" */
  at(day, time) {
    const [hours, minutes] = time.split(":").map(Number);
    return (day - 1) * DAY + hours * HOUR + minutes * MINUTE - this.start_s;
  }
}

/** Real time: 3:07 or 1:02:03. @param {number} ms */
export function ticks(ms) {
  const all = Math.max(0, Math.ceil(ms / 1000));
  const [h, m, s] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60];
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
