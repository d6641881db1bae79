// @ts-check
// The screens on which no item is shown: the tutorial, the break between blocks, a clock that was stopped, a sitting made void.

import { make, say } from "../words.js";
import { asClock } from "./clock.js";
import { nextBlock } from "./model.js";
import { freeAfter } from "./day.js";
import { blockList, button, countdown, mainButton, nameOf, page, quiet, row, setAlone, setPlace, timeOf } from "./screens.js";
import { part } from "./view.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./clock.js").Clock} Clock */

/** What the bank holds now: all of it while a break that costs nothing runs. Null where breaks cost nothing.  @param {Clock} clock  @param {Model} model */
export function bankLeft(clock, model) {
  const left = clock.left("break");
  return left === null || model.break_ms === null ? model.break_ms : Math.min(left, model.break_ms);
}

/** Draw what counts down on the page now.  @param {Clock} clock  @param {Model} model */
export function drawCounts(clock, model) {
  for (const element of document.querySelectorAll("[data-count]")) {
    const name = /** @type {import("./clock.js").Count} */ (/** @type {HTMLElement} */ (element).dataset.count);
    const left = clock.left(name);
    // only a break can be overrun
    const shown = name === "break" ? bankLeft(clock, model) : left === null ? null : Math.max(0, left);
    const text = shown === null ? "" : asClock(shown);
    if (element.textContent !== text) element.textContent = text;
  }
  const overrun = document.getElementById("overrun");
  if (overrun) sayOverrun(overrun, clock.left("break") ?? 0, model);
}

/** A break that is over its time says so plainly, and what it costs.  @param {HTMLElement} element  @param {number} left  @param {Model} model */
function sayOverrun(element, left, model) {
  element.hidden = left > -1000 || model.isTotal;
  if (element.hidden) return;
  const block = model.blocks.find((one) => one.n === nextBlock(model));
  const full = (block?.minutes ?? 0) * 60_000;
  const text = say(full ? (block?.case ? "overrun_case" : "overrun") : "overrun_form", { by: asClock(-left), n: block?.case?.nth ?? block?.n ?? 0, left: asClock(Math.max(0, full + left)), of: asClock(full) });
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Between two blocks: what the bank holds, what comes next, and the two ways on.
 * @param {Model} model  @param {{byClock: boolean, fixed: boolean, open: () => void, pause: () => void}} desk
 */
export function drawBreak(model, { byClock, fixed, open, pause }) {
  const n = nextBlock(model);
  const isOn = model.phase === "on_break";
  const before = n - 1;
  setAlone(true);
  const block = model.blocks.find((one) => one.n === n);
  const last = model.blocks.find((one) => one.n === before);
  const patient = block?.case;
  setPlace(patient ? say("case_of", { n: patient.nth, of: patient.of }) : say("block_of", { n, of: model.blocks.length }));
  const ended = last?.case ? "case_ended" : byClock ? "block_time_up" : "block_ended";
  const title = isOn ? say("on_break") : before < 1 ? say("before_first") : say(ended, { n: last?.case?.nth ?? before });
  const bank = model.break_ms !== null && countdown("break", say(model.isTotal ? "total_left" : "break_left"));
  page(
    title,
    isOn && make("p", {}, say("on_break_how")),
    fixed && countdown("fixed", say(block?.tutorial_minutes ? "case_tutorial_left" : "fixed_left")),
    bank,
    make("p", { class: "note warning", id: "overrun", hidden: true }),
    howItCounts(model, before),
    make("p", {}, patient ? say("next_case", { n: patient.nth, of: patient.of, time: timeOf(patient.minutes), final: timeOf(patient.final_minutes) }) : say("next_is", { n, of: model.blocks.length, items: block?.items ?? 0 })),
    patient?.nth === 1 && caseTutorial(),
    ["no_early_end", "forward_only"].includes(block?.navigation ?? "") && make("p", {}, say(`rule_${block?.navigation}`)),
    row(mainButton(patient ? say("open_case", { n: patient.nth }) : say("open_block", { n }), open), button(say(isOn ? "end_break" : "start_break"), pause, "break")),
    make("h3", {}, say("blocks")),
    blockList(model),
  );
}

/** What the time between these blocks costs.  @param {Model} model  @param {number} before the block that has ended */
function howItCounts(model, before) {
  const free = freeAfter(model.blocks, before);
  if (free === Infinity) return make("p", {}, say("fixed_open"));
  if (free > 0 && model.blocks.find((block) => block.n === before + 1)?.tutorial_minutes) return quiet(say("case_tutorial_how"));
  if (model.break_ms === null) return make("p", {}, say("break_free"));
  const counted = model.isTotal ? "total_how" : "break_how";
  return quiet(say(free === 0 ? counted : model.isTotal ? "fixed_how_total" : "fixed_how"));
}

/** How a case is played, to be read or not.  */
function caseTutorial() {
  const sheet = /** @type {HTMLTemplateElement} */ (part("case-tutorial")).content.cloneNode(true);
  return make("section", { id: "case-how" }, sheet);
}

/** @param {Model} model */
function placeOf(model) {
  const block = model.blocks.find((one) => one.n === model.block);
  if (model.block === null) return say("the_day");
  return block?.case ? nameOf(block) : say("block_of", { n: model.block, of: model.blocks.length });
}

/** The candidate stopped the clock inside a block: the items are out of sight.  @param {Model} model  @param {() => void} goOn */
export function drawPaused(model, goOn) {
  setAlone(true);
  setPlace(placeOf(model));
  page(
    say("paused"),
    make("p", {}, say("paused_how")),
    countdown("stop", say("stop_left")),
    model.frozen_ms !== null && make("p", {}, say("block_left", { clock: asClock(model.frozen_ms) })),
    row(mainButton(say("go_on"), goOn)),
  );
}

/** A proctor stopped the clock.  @param {Model} model */
export function drawSuspended(model) {
  setAlone(true);
  setPlace(placeOf(model));
  page(
    say("suspended"),
    model.reason && make("p", { class: "note warning" }, say("reason", { text: model.reason })),
    model.frozen_ms !== null && model.block !== null && make("p", {}, say("block_left", { clock: asClock(model.frozen_ms) })),
    make("p", {}, say("suspended_how")),
  );
}

/** @param {Model} model */
export function drawVoided(model) {
  setAlone(true);
  setPlace(placeOf(model));
  page(
    say("voided"),
    model.reason && make("p", { class: "note error" }, say("reason", { text: model.reason })),
    make("p", {}, say("voided_how")),
    row(make("a", { class: "button", href: "/" }, say("to_today"))),
  );
}

// --- the tutorial ----------------------------------------------------------------------------------------------------

const sheets = () => [.../** @type {HTMLTemplateElement} */ (part("tutorial")).content.querySelectorAll("section")];

/**
 * A walk through the tools, sheet by sheet; the last one is where block 1 begins.
 * @param {number} at the sheet, from 0  @param {Model} model  @param {{turn: (at: number) => void, done: () => void, isTimed: boolean}} desk
 */
export function drawTutorial(at, model, { turn, done, isTimed }) {
  const all = sheets();
  const sheet = /** @type {HTMLElement} */ (all[at].cloneNode(true));
  const isLast = at === all.length - 1;
  const title = sheet.querySelector("h2")?.textContent ?? "";
  sheet.querySelector("h2")?.remove();
  setAlone(true);
  setPlace(say("tutorial_of", { n: at + 1, of: all.length }));
  page(
    title,
    isTimed && countdown("tutorial", say("tutorial_left")),
    isTimed && isLast && quiet(say("tutorial_rest")),
    sheet,
    row(
      isLast ? mainButton(say(isTimed ? "open_block" : "tutorial_done", { n: 1 }), done) : mainButton(say("next"), () => turn(at + 1)),
      at > 0 && button(say("previous"), () => turn(at - 1)),
      !isLast && button(say("tutorial_skip"), () => (isTimed ? turn(all.length - 1) : done()), "skip"),
    ),
    isLast && isTimed && make("h3", {}, say("blocks")),
    isLast && isTimed && blockList(model),
  );
}
