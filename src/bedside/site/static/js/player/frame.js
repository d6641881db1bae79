// @ts-check
// What stands around the item: the bar with the timer, the rail of items, the foot with what is saved.

import { icon, make, say } from "../words.js";
import { asClock } from "./clock.js";
import { counts, currentIndex, currentItem, isLocked, isRight } from "./model.js";
import { part } from "./view.js";

/** @typedef {import("./model.js").Model} Model */

const WARNINGS_MS = [5 * 60_000, 60_000]; // as in the exam: at five minutes and at one

/** The words for the state of an item, and the icon beside them.  @param {Model} model  @param {string} id  @returns {[string, string | null]} */
export function signOf(model, id) {
  const right = isRight(model, id);
  if (model.mode === "tutor" && right !== null) return right ? [say("state_right"), "right"] : [say("state_wrong"), "wrong"];
  return id in model.answers ? [say("state_answered"), "answered"] : [say("state_open"), null];
}

/** @param {Model} model  @param {"item" | "review"} screen  @param {(index: number) => void} goTo */
export function drawRail(model, screen, goTo) {
  const current = screen === "item" ? currentIndex(model) : -1;
  const rows = model.items.map((item, index) => {
    const [state, sign] = signOf(model, item.id);
    const isFlagged = Boolean(model.flagged[item.id]);
    return make(
      "li",
      {},
      make(
        "button",
        { type: "button", "aria-current": index === current ? "step" : null, onclick: () => goTo(index) },
        make("span", { class: "nth" }, String(index + 1)),
        make("span", { class: "sign" }, sign && icon(sign)),
        isFlagged && icon("flag"),
        make("span", { class: "unseen" }, isFlagged ? `${state}, ${say("state_flagged")}` : state),
      ),
    );
  });
  const list = part("rail-items");
  const focused = [...list.querySelectorAll("button")].findIndex((button) => button === document.activeElement);
  list.replaceChildren(...rows);
  const buttons = list.querySelectorAll("button");
  if (focused >= 0) buttons[focused]?.focus();
  if (current >= 0) buttons[current]?.scrollIntoView({ block: "nearest" });
}

/** @param {Model} model  @param {"item" | "review"} screen */
export function drawBars(model, screen) {
  const index = currentIndex(model);
  const { items, answered } = counts(model);
  const isLast = index === items - 1;
  const { id, is_imported } = currentItem(model);
  const itemOf = is_imported ? "imported_item_of" : "item_of";
  part("place").textContent = screen === "item" ? say(itemOf, { n: index + 1, of: items }) : say("review_of", { answered, of: items });
  part("flag").setAttribute("aria-pressed", String(Boolean(model.flagged[id])));
  const next = part("next");
  const isToConfirm = model.mode === "tutor" && !isLocked(model, id) && Boolean(model.picked[id]?.length);
  next.textContent = screen === "review" ? say("end_block") : isToConfirm ? say("confirm") : isLast ? say("to_review") : say("next");
  part("previous").textContent = screen === "review" ? say("back_to_item", { n: index + 1 }) : say("previous");
  /** @type {HTMLButtonElement} */ (part("previous")).disabled = screen === "item" && index === 0;
  part("review").hidden = screen === "review";
  for (const tool of document.querySelectorAll("[data-on-item]")) /** @type {HTMLElement} */ (tool).hidden = screen !== "item";
}

const QUICK_MS = 1500; // what is sent within this time is not worth a word

/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;

/** What is saved, in words that change only when it matters.  @param {{waiting: number, isFailing: boolean, isKept: boolean}} state */
export function drawSaved({ waiting, isFailing, isKept }) {
  const saved = part("saved");
  const isCutOff = isFailing || !navigator.onLine;
  const parts = [waiting === 0 ? say("all_saved") : say(isKept ? "to_send" : "to_send_unkept", { n: waiting })];
  if (isCutOff) parts.push(say("no_network"));
  const show = () => {
    if (saved.textContent !== parts.join(". ")) saved.textContent = parts.join(". ");
    saved.classList.toggle("is-waiting", waiting > 0);
  };
  saved.dataset.waiting = String(waiting);
  clearTimeout(later);
  if (waiting === 0 || isCutOff || !isKept) show();
  else later = setTimeout(show, QUICK_MS);
}

/** Draws the countdown each second and speaks at five minutes and at one, without interrupting. */
export class Timer {
  /** @type {number | null} */ last = null;

  /** @param {import("./clock.js").Clock} clock  @param {{announce: (text: string) => void, onEnd: () => void}} told */
  constructor(clock, told) {
    this.clock = clock;
    this.told = told;
    this.button = part("timer");
    this.button.addEventListener("click", () => this.toggle());
    setInterval(() => this.tick(), 500);
  }

  toggle() {
    const isHidden = this.button.getAttribute("aria-pressed") !== "true";
    this.button.setAttribute("aria-pressed", String(isHidden));
    this.last = null;
    this.tick();
  }

  tick() {
    const remaining = this.clock.remaining();
    this.button.hidden = remaining === null;
    if (remaining === null) return;
    const isHidden = this.button.getAttribute("aria-pressed") === "true";
    const isLate = remaining <= WARNINGS_MS[0];
    part("time").textContent = isHidden ? say("clock_hidden") : asClock(remaining);
    this.button.classList.toggle("is-late", isLate && !isHidden);
    const passed = WARNINGS_MS.find((limit) => this.last !== null && this.last > limit && remaining <= limit);
    if (passed) this.told.announce(say("minutes_left", { n: passed / 60_000 }));
    if (remaining === 0 && this.last !== 0) this.told.onEnd();
    this.last = remaining;
  }
}
