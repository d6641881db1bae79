// @ts-check
// The strip over the page: where the patient is, the two clocks, and the monitor with its six numbers.

import { make, say } from "../js/words.js";
import { span, ticks } from "./time.js";

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** "high", "low" or "" against the reference interval. @param {any} sign @param {number} value */
export function flagOf(sign, value) {
  if (sign.high !== null && value > sign.high) return "high";
  if (sign.low !== null && value < sign.low) return "low";
  return "";
}

/** The newest reading as words, for alarms. @param {any} vitals @returns {string[]} */
export function alarmsOf(vitals) {
  const reading = vitals.readings.at(-1);
  if (!reading) return [];
  return vitals.signs.flatMap((/** @type {any} */ sign, /** @type {number} */ n) => {
    const value = reading.values[n];
    const flag = flagOf(sign, value);
    return flag ? [say("alarm", { name: say(`sign_${sign.id}`), value: value.toFixed(sign.digits), unit: sign.unit, flag: say(flag) })] : [];
  });
}

/** @param {any} state @param {import("./time.js").WallClock} wall @param {Record<string, string>} places */
export function showStrip(state, wall, places) {
  find("place").textContent = places[state.location] ?? state.location;
  find("clock").textContent = wall.long(state.now_s);
  find("elapsed").textContent = state.now_s ? say("elapsed", { span: span(state.now_s) }) : "";
  const { signs, readings, is_monitored } = state.vitals;
  const reading = readings.at(-1);
  find("signs").replaceChildren(
    ...signs.map((/** @type {any} */ sign, /** @type {number} */ n) => {
      const value = reading.values[n];
      const flag = flagOf(sign, value);
      return make(
        "div",
        { class: flag ? `is-${flag}` : "" },
        make("dt", {}, say(`sign_${sign.id}`)),
        make("dd", {}, make("strong", {}, value.toFixed(sign.digits)), " ", make("span", { class: "unit" }, sign.unit), flag ? make("span", { class: "flag" }, say(flag)) : null),
      );
    }),
  );
  find("read").textContent = reading.at_s === state.now_s && is_monitored ? "" : say("read_at", { at: wall.short(reading.at_s) });
}

/** Real time, which runs while nothing else does. */
export class RealClock {
  /** @param {(minutes: number) => void} warn @param {() => void} isUp */
  constructor(warn, isUp) {
    this.warn = warn;
    this.isUp = isUp;
    this.warned = Infinity;
    this.hasRunOut = false;
    setInterval(() => this.show(), 500);
  }

  /** @param {any} state */
  take(state) {
    this.state = state;
    this.since = performance.now();
    this.hasRunOut = false;
    this.show();
  }

  /** Milliseconds since the run began. */
  get spent_ms() {
    return Math.round(this.state.spent_ms + performance.now() - this.since);
  }

  show() {
    if (!this.state || this.state.phase === "ended") return;
    const gone = performance.now() - this.since;
    const { left_ms, final_ms, mode, phase } = this.state;
    const isFinal = phase === "closing" && final_ms !== null;
    const left = isFinal ? final_ms - gone : left_ms === null ? null : left_ms - gone;
    const place = find("left");
    if (left === null) place.textContent = say("spent", { time: ticks(this.spent_ms) });
    else if (left <= 0 && mode === "practice") place.textContent = say("over_limit");
    else place.textContent = say(isFinal ? "left_final" : "left", { time: ticks(left) });
    find("final-left").textContent = isFinal ? say("left_final", { time: ticks(final_ms - gone) }) : "";
    if (left === null || mode === "practice") return;
    const minutes = Math.ceil(left / 60_000);
    if (!isFinal && left > 0 && minutes < this.warned && [5, 2, 1].includes(minutes)) {
      this.warned = minutes;
      this.warn(minutes);
    }
    if (left <= 0 && !this.hasRunOut) {
      this.hasRunOut = true;
      this.isUp();
    }
  }
}
