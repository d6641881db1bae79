// @ts-check
// The scrubber: one moment of the course, as a line through all pictures and as text. Without it the tables tell the same.

import { readBlock } from "../js/words.js";

/** @typedef {{id: string, unit: string, digits: number, points: [number, number][]}} Series */
/** @typedef {{at_s: number, texts: string[]}} Moment */
/** @type {{end_s: number, units: [number, string][], series: Series[], moments: Moment[], words: Record<string, string>}} */
const told = readBlock("scrubber");

/** @template {Element} T  @param {string} selector  @param {ParentNode} [under]  @returns {T | null} */
function find(selector, under = document) {
  return /** @type {T | null} */ (under.querySelector(selector));
}

/** A span in its two largest units, as the page writes it.  @param {number} seconds */
function span(seconds) {
  if (seconds < 60) return `${seconds} s`;
  const from = told.units.findIndex(([size]) => seconds >= size * (size >= 86400 ? 2 : 1));
  const [size, unit] = told.units[from];
  const rest = seconds % size;
  const smaller = told.units[from + 1];
  const tail = smaller && rest >= smaller[0] ? ` ${Math.floor(rest / smaller[0])} ${smaller[1]}` : "";
  return `${Math.floor(seconds / size)} ${unit}${tail}`;
}

/** The value at an instant, on the line between two points.  @param {Series} series  @param {number} at_s */
function valueAt(series, at_s) {
  const next = series.points.findIndex(([point_s]) => point_s >= at_s);
  if (next < 0) return series.points[series.points.length - 1][1];
  const [later_s, later] = series.points[next];
  if (next === 0 || later_s === at_s) return later;
  const [before_s, before] = series.points[next - 1];
  return before + ((later - before) * (at_s - before_s)) / (later_s - before_s);
}

/** @param {HTMLElement} scrubber */
function begin(scrubber) {
  const range = /** @type {HTMLInputElement | null} */ (find("#moment", scrubber));
  const controls = /** @type {HTMLElement | null} */ (find("[data-controls]", scrubber));
  const time = find("[data-time]", scrubber);
  const said = find("[data-said]", scrubber);
  const from = /** @type {HTMLSelectElement | null} */ (find("#from", scrubber));
  if (!range || !controls || !time || !said || !told.moments) return;
  const cursors = scrubber.querySelectorAll("line.cursor");
  range.step = "any"; // arrow keys then move it by a hundredth
  controls.hidden = false;
  scrubber.classList.add("has-cursor");

  /** @param {number} at_s */
  function show(at_s) {
    const place = `${told.end_s ? (100 * at_s) / told.end_s : 0}%`;
    for (const line of cursors) {
      line.setAttribute("x1", place);
      line.setAttribute("x2", place);
    }
    const text = span(at_s);
    if (time) time.textContent = text;
    range?.setAttribute("aria-valuetext", text);
    for (const series of told.series) {
      const now = find(`[data-now="${series.id}"]`, scrubber);
      if (now) now.textContent = valueAt(series, at_s).toFixed(series.digits).replace("-", "−");
    }
    tell(at_s);
  }

  /** What happened at the moment, or last before it.  @param {number} at_s */
  function tell(at_s) {
    let last = told.moments[0];
    for (const moment of told.moments) if (moment.at_s <= at_s) last = moment;
    if (!said || !last) return;
    const is_now = last.at_s === at_s;
    said.textContent = is_now
      ? `${told.words.at} ${last.texts.join("; ")}`
      : `${told.words.nothing} ${span(last.at_s)}: ${last.texts.join("; ")}`;
    if (from) for (const option of from.options) if (Number(option.value) <= at_s) from.value = option.value;
  }

  let exact = 0; // where the slider stands, to the second

  /** @param {number} at_s */
  function go(at_s) {
    exact = at_s;
    if (range) range.value = String(at_s);
    show(at_s);
  }

  range.addEventListener("input", () => {
    const whole_s = told.end_s > 3600 ? 60 : 1;
    exact = Math.min(told.end_s, Math.round(Number(range.value) / whole_s) * whole_s);
    show(exact);
  });
  for (const button of scrubber.querySelectorAll("button[data-step]")) {
    button.addEventListener("click", () => {
      const by = Number(/** @type {HTMLElement} */ (button).dataset.step);
      const next = by > 0 ? told.moments.find((one) => one.at_s > exact) : told.moments.filter((one) => one.at_s < exact).pop();
      if (next) go(next.at_s);
    });
  }
  for (const picture of scrubber.querySelectorAll(".row > svg")) {
    picture.addEventListener("click", (event) => {
      const box = picture.getBoundingClientRect();
      const share = (/** @type {MouseEvent} */ (event).clientX - box.left) / box.width;
      go(Math.round(Math.min(1, Math.max(0, share)) * told.end_s));
    });
  }
  go(0);
}

const scrubber = /** @type {HTMLElement | null} */ (find("[data-scrubber]"));
if (scrubber) begin(scrubber);
