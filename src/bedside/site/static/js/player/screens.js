// @ts-check
// The screens beside the item: before a block, its review, after its end, and what is said when the sitting can't go on here.
// What counts down stands in an element with `data-count`; the timer draws it.

import { counted, icon, make, say } from "../words.js";
import { asClock } from "./clock.js";
import { standingOf } from "./day.js";
import { signOf } from "./frame.js";
import { counts, currentIndex, isDay, isReachable, mayEndEarly, nextBlock } from "./model.js";
import { part } from "./view.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./clock.js").Count} Count */

/** @param {string} title  @param {...(Node | string | null | false | undefined)} rest */
export function page(title, ...rest) {
  const heading = make("h2", { tabindex: "-1" }, title);
  part("page").replaceChildren(heading, .../** @type {Node[]} */ (rest.filter(Boolean)));
  part("page").classList.remove("with-stimulus");
  part("revealed").replaceChildren();
  part("notes").hidden = true;
  heading.focus();
}

/** @param {string} label  @param {() => void} onclick */
export const mainButton = (label, onclick) => make("button", { type: "button", class: "main", id: "go", "data-enter": "", onclick }, label);
/** @param {string} label  @param {() => void} onclick  @param {string} [id] */
export const button = (label, onclick, id) => make("button", { type: "button", id, onclick }, label);
/** @param {...(Node | null | false)} buttons */
export const row = (...buttons) => make("p", { class: "actions" }, ...buttons);
/** @param {string} text */
export const quiet = (text) => make("p", { class: "quiet" }, text);
/** @param {Count} name  @param {string} label */
export const countdown = (name, label) => make("p", { class: "countdown", role: "timer" }, `${label} `, make("strong", { "data-count": name }));

/** Only the page is left: nothing to go on to.  @param {boolean} isAlone */
export function setAlone(isAlone) {
  document.body.dataset.screen = isAlone ? "alone" : "work";
  for (const id of ["rail", "tools", "tools-toggle"]) part(id).hidden = isAlone;
  for (const id of ["previous", "review", "next"]) part(id).hidden = isAlone;
  part("foot-bar").hidden = false;
}

/** @param {string} text */
export function setPlace(text) {
  part("place").textContent = text;
  part("which").hidden = true;
  part("pace").hidden = true;
}

/** "20 items in 30 minutes"  @param {import("./model.js").Block} block  @param {Model} model */
function sizeOf({ items, minutes, case: patient }, { isTotal }) {
  if (patient) return say("case_size", { time: timeOf(patient.minutes) });
  const size = counted("items", items);
  if (isTotal) return size;
  if (minutes === null || minutes === undefined) return say("intro_untimed", { items: size });
  return say("intro_timed", { items: size, time: timeOf(minutes) });
}

/** @param {number | null} minutes */
export const timeOf = (minutes) => (minutes === null || Number.isInteger(minutes) ? counted("minutes", minutes ?? 0) : asClock(minutes * 60_000));

/** "Block 2", or "Case 1"  @param {import("./model.js").Block | undefined} block */
export const nameOf = (block) => (block?.case ? say("case_n", { n: block.case.nth }) : say("block_n", { n: block?.n ?? 0 }));

/** The blocks of the day, each with its size and its state.  @param {Model} model */
export function blockList(model) {
  const rows = model.blocks.map((block) => {
    const standing = standingOf(model, block.n);
    const name = block.section ? `${block.section}, ${nameOf(block)}` : nameOf(block);
    return make(
      "li",
      { class: `is-${standing}`, "aria-current": standing === "open" || standing === "next" ? "step" : null },
      make("span", { class: "name" }, name),
      make("span", { class: "quiet" }, sizeOf(block, model)),
      make("span", { class: "state" }, standing === "done" && icon("right"), say(`block_${standing}`)),
    );
  });
  return make("ol", { class: "day" }, ...rows);
}

/** What a block of this kind does not allow.  @param {import("./model.js").Block} block */
const rulesOf = (block) => ["no_early_end", "forward_only"].includes(block.navigation ?? "") && make("p", {}, say(`rule_${block.navigation}`));

/** What has to be known before anything begins.  @param {Model} model  @param {boolean} isKept */
function warnings(model, isKept) {
  return [
    model.pace !== 1 && make("p", {}, say("intro_pace", { n: Math.round(model.pace * 100) / 100 })),
    model.isProctored && make("p", {}, say("intro_proctored")),
    !isKept && make("p", { class: "note warning" }, say("intro_unkept")),
  ];
}

/**
 * Before anything begins: how many items and minutes, and that the clock starts with the button.
 * @param {Model} model  @param {{begin: () => void, learn: () => void, isKept: boolean}} desk
 */
export function drawIntro(model, { begin, learn, isKept }) {
  const block = model.blocks.find((other) => other.n === nextBlock(model)) ?? model.blocks[0];
  const isTimed = model.isTotal || (block.minutes !== null && block.minutes !== undefined);
  const hasTutorial = (model.tutorial_ms ?? 0) > 0;
  setAlone(true);
  setPlace(isDay(model) ? say("the_day") : say("block_ready"));
  const items = model.blocks.reduce((sum, one) => sum + one.items, 0);
  const cases = model.blocks.filter((one) => one.case).length;
  page(
    isDay(model) ? model.title || say("the_day") : sizeOf(block, model),
    isDay(model) && make("p", {}, say("intro_day", { day: model.day, blocks: model.blocks.length - cases, items })),
    cases > 0 && make("p", {}, say("intro_cases", { n: cases })),
    make("p", {}, say(model.mode === "tutor" ? "intro_tutor" : isDay(model) ? "intro_exam" : "intro_after")),
    !isDay(model) && rulesOf(block),
    isDay(model) && model.break_ms !== null && make("p", {}, say(model.isUnusedKept ? "intro_breaks" : "intro_breaks_fixed", { clock: asClock(model.break_ms) })),
    model.total_minutes !== null && make("p", {}, say("intro_total", { clock: asClock(model.total_minutes * 60_000) })),
    isTimed && !hasTutorial && make("p", {}, say("intro_clock")),
    hasTutorial && make("p", {}, say(model.isUnusedKept ? "intro_tutorial" : "intro_tutorial_fixed", { clock: asClock(model.tutorial_ms ?? 0) })),
    ...warnings(model, isKept),
    quiet(say("intro_keys")),
    row(mainButton(say("begin"), begin), !hasTutorial && button(say("tutorial_open"), learn, "learn")),
    isDay(model) && make("h3", {}, say("blocks")),
    isDay(model) && blockList(model),
  );
}

/** The block is on its way.  @param {boolean} isFailing */
export function drawOpening(isFailing) {
  setAlone(true);
  const text = say(isFailing ? "needs_network" : "opening");
  setPlace(say("block_ready"));
  page(text, isFailing && quiet(say("needs_network_why")));
}

/** Every item with its state in words, and the way to the end.  @param {Model} model  @param {(index: number) => void} goTo */
export function drawReview(model, goTo) {
  const { items, answered, open, flagged } = counts(model);
  const tiles = model.items.map((item, index) => {
    const [state, sign] = signOf(model, item);
    const isFlagged = Boolean(model.flagged[item.id]);
    const isOpen = !(item.id in model.answers);
    const attributes = { type: "button", class: isOpen ? "is-open" : null, disabled: !isReachable(model, index), onclick: () => goTo(index) };
    return make(
      "li",
      {},
      make(
        "button",
        { ...attributes, "aria-current": index === currentIndex(model) ? "step" : null },
        make("span", { class: "nth" }, String(index + 1)),
        make("span", { class: "state" }, state, isFlagged ? make("span", {}, `, ${say("state_flagged")}`) : null),
        isFlagged ? icon("flag") : sign ? icon(sign) : null,
      ),
    );
  });
  page(
    say("review"),
    make("p", {}, say("review_summary", { answered, items, open, flagged })),
    make("ol", { class: "grid-of-items" }, ...tiles),
    quiet(say(mayEndEarly(model) ? "review_how" : "review_how_full")),
  );
}

/**
 * After the end: what still has to be sent, or the way to the report.
 * @param {Model} model  @param {{byClock: boolean, waiting: number, isFailing: boolean, report: string, receipt: string}} state
 */
export function drawEnded(model, { byClock, waiting, isFailing, report, receipt }) {
  const isWhole = isDay(model);
  const title = say(isWhole ? "day_ended" : byClock ? "time_up" : "ended");
  setAlone(true);
  setPlace(isWhole ? say("the_day") : say("block_ready"));
  const saved = say(isWhole ? "day_saved" : "ended_saved");
  const text = waiting === 0 ? saved : isFailing ? say("ended_offline", { n: waiting }) : say("ended_sending");
  const links = row(
    make("a", { class: "button main", href: report, "data-enter": "" }, say("to_report")),
    make("a", { class: "button", href: receipt, download: "" }, say("to_receipt")),
  );
  links.id = "ways";
  links.hidden = !isWhole || waiting > 0;
  const now = part("page").querySelector("#ended");
  if (!now) page(title, make("p", { id: "ended", role: "status" }, text), links, isWhole && quiet(say("receipt_why")));
  else if (now.textContent !== text) now.textContent = text;
  const ways = part("page").querySelector("#ways");
  if (ways) /** @type {HTMLElement} */ (ways).hidden = links.hidden;
}

/** Another tab or computer has the sitting.  @param {"tab" | "computer"} where  @param {number} waiting */
export function drawTaken(where, waiting) {
  setAlone(true);
  setPlace(say("taken"));
  page(
    say(where === "tab" ? "taken_tab" : "taken_computer"),
    waiting ? make("p", {}, say("taken_waiting", { n: waiting })) : make("p", {}, say("taken_safe")),
    row(mainButton(say("continue_here"), () => location.reload())),
  );
}

/** The sitting can't be opened.  @param {string} title  @param {string} text */
export function drawTrouble(title, text) {
  setAlone(true);
  setPlace("");
  page(
    title,
    make("p", {}, text),
    row(mainButton(say("try_again"), () => location.reload()), make("a", { class: "button", href: "/" }, say("to_today"))),
  );
}
