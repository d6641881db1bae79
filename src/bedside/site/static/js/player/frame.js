// @ts-check
// What stands around the item: the bar with the timer, the rail of items, the foot with what is saved.

import { icon, make, say } from "../words.js";
import { asClock } from "./clock.js";
import { dayLeft } from "./day.js";
import { counts, currentIndex, currentItem, isDay, isForwardOnly, isLocked, isReachable, isRight, locksOnLeaving, mayEndEarly, neighbour, openBlock } from "./model.js";
import { settings } from "./settings.js";
import { part } from "./view.js";

/** @typedef {import("./model.js").Model} Model */

/** The words for the state of an item, and the icon beside them.  @param {Model} model  @param {import("./model.js").Item} item  @returns {[string, string | null]} */
export function signOf(model, item) {
  const { id } = item;
  if (item.is_hidden) return [say("state_hidden"), "locked"];
  const right = isRight(model, id);
  if (model.mode === "tutor" && right !== null) return right ? [say("state_right"), "right"] : [say("state_wrong"), "wrong"];
  const answered = say(id in model.answers ? "state_answered" : "state_open");
  if (model.left[id]) return [`${answered}, ${say("state_locked")}`, id in model.answers ? "answered" : "locked"];
  return [answered, id in model.answers ? "answered" : null];
}

/** @param {Model} model  @param {"item" | "review"} screen  @param {(index: number) => void} goTo */
export function drawRail(model, screen, goTo) {
  const current = screen === "item" ? currentIndex(model) : -1;
  const rows = model.items.map((item, index) => {
    const [state, sign] = signOf(model, item);
    const isFlagged = Boolean(model.flagged[item.id]);
    const button = make(
      "button",
      { type: "button", "aria-current": index === current ? "step" : null, disabled: !isReachable(model, index), onclick: () => goTo(index) },
      make("span", { class: "nth" }, String(index + 1)),
      make("span", { class: "sign" }, sign && icon(sign)),
      isFlagged && icon("flag"),
      make("span", { class: "unseen" }, isFlagged ? `${state}, ${say("state_flagged")}` : state),
    );
    return make("li", { class: item.set ? `in-set ${item.set.n === 1 ? "first" : ""}` : null }, button);
  });
  const list = part("rail-items");
  const focused = [...list.querySelectorAll("button")].findIndex((button) => button === document.activeElement);
  list.replaceChildren(...rows);
  const buttons = list.querySelectorAll("button");
  if (focused >= 0) buttons[focused]?.focus();
  if (current >= 0) buttons[current]?.scrollIntoView({ block: "nearest" });
}

/** What the main button says: confirm, lock and go on, or simply go on.  @param {Model} model */
function nextName(model) {
  const item = currentItem(model);
  const isGiven = Boolean(model.picked[item.id]?.length) || (item.kind === "numeric" && Boolean(model.typed[item.id]));
  if (model.mode === "tutor" && !isLocked(model, item.id) && isGiven) return say("confirm");
  if (locksOnLeaving(model, item)) return say(item.set?.kind === "sequential" ? "next_part" : "next_locks");
  return say(neighbour(model, currentIndex(model), 1) < 0 ? "to_review" : "next");
}

/** @param {Model} model  @param {"item" | "review"} screen */
export function drawBars(model, screen) {
  const index = currentIndex(model);
  const { items, answered } = counts(model);
  const { id, is_imported } = currentItem(model);
  const itemOf = is_imported ? "imported_item_of" : "item_of";
  part("place").textContent = screen === "item" ? say(itemOf, { n: index + 1, of: items }) : say("review_of", { answered, of: items });
  part("flag").setAttribute("aria-pressed", String(Boolean(model.flagged[id])));
  part("next").textContent = screen === "review" ? say("end_block") : nextName(model);
  part("next").hidden = screen === "review" && !mayEndEarly(model);
  part("previous").textContent = screen === "review" ? say("back_to_item", { n: index + 1 }) : say("previous");
  const previous = /** @type {HTMLButtonElement} */ (part("previous"));
  previous.hidden = screen === "item" && isForwardOnly(model);
  previous.disabled = screen === "item" && neighbour(model, index, -1) < 0;
  part("review").hidden = screen === "review";
  for (const tool of document.querySelectorAll("[data-on-item]")) /** @type {HTMLElement} */ (tool).hidden = screen !== "item";
}

/** Which block of the day, whether its clock runs faster than real, and the tools that only some sittings have.  @param {Model} model */
export function drawDay(model) {
  const which = part("which");
  const block = openBlock(model);
  const text = isDay(model) && block ? say("block_of", { n: block.n, of: model.blocks.length }) : "";
  which.textContent = [text, block?.section].filter(Boolean).join(", ");
  which.hidden = !which.textContent;
  part("pace").hidden = model.pace === 1;
  part("pace").textContent = say("pace", { n: Math.round(model.pace * 100) / 100 });
  part("pause").hidden = model.stop_ms <= 0 || model.phase !== "in_block";
  part("open-day").hidden = !isDay(model);
  part("open-messages").hidden = !model.isProctored && !model.messages.length;
}

const QUICK_MS = 1500; // what is sent within this time is not worth a word

/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;

/** How many keys and clicks wait for their turn: until there are none, "saved" speaks of what was before.  @param {number} undone */
export const drawUndone = (undone) => void (part("saved").dataset.undone = String(undone));

/** What is saved, in words that change only when it matters.  @param {{waiting: number, isFailing: boolean, isKept: boolean}} state */
export function drawSaved({ waiting, isFailing, isKept }) {
  const saved = part("saved");
  const isCutOff = isFailing || !navigator.onLine;
  const parts = [waiting === 0 ? say("all_saved") : say(isKept ? "to_send" : "to_send_unkept", { n: waiting })];
  if (isCutOff) parts.push(say("no_network"));
  const show = () => {
    if (saved.textContent !== parts.join(". ")) saved.textContent = parts.join(". ");
    saved.classList.toggle("is-waiting", waiting > 0);
    part("copy").hidden = waiting === 0 || !(isCutOff || !isKept);
  };
  saved.dataset.waiting = String(waiting);
  if (settings.reader_safe) saved.removeAttribute("role");
  else saved.setAttribute("role", "status");
  clearTimeout(later);
  if (waiting === 0 || isCutOff || !isKept) show();
  else later = setTimeout(show, QUICK_MS);
}

const WARNINGS_MS = [5 * 60_000, 60_000]; // as in the exam: at five minutes and at one

const ASK_AGAIN_MS = 20_000;

/** Draws what counts down, and warns at five minutes and at one, without interrupting. */
export class Timer {
  /** @type {number | null} */ last = null;
  asked = -ASK_AGAIN_MS; // when the server was last asked whether the day has ended

  /**
   * @param {import("./session.js").Session} session
   * @param {{warn: (text: string) => void, onEnd: () => void, onPauseEnd: () => void, onDayEnd: () => void, drawCounts: () => void}} told
   */
  constructor(session, told) {
    this.session = session;
    this.told = told;
    this.button = part("timer");
    setInterval(() => this.tick(), 500);
  }

  /** Draw it now, as it is set to look. */
  refresh() {
    this.tick(true);
  }

  /** @param {boolean} [isAsked] by a person: then it is drawn even where it does not count on the screen */
  tick(isAsked = false) {
    const { clock, model } = this.session;
    if (!model) return;
    const remaining = clock.remaining();
    this.button.hidden = remaining === null;
    if (!settings.reader_safe || isAsked) this.told.drawCounts();
    if (model.phase === "paused" && (clock.left("stop") ?? 1) <= 0) this.told.onPauseEnd();
    if ((dayLeft(model, clock.left("break")) ?? 1) <= 0 && performance.now() - this.asked >= ASK_AGAIN_MS) {
      this.asked = performance.now();
      this.told.onDayEnd();
    }
    if (remaining === null) {
      this.last = null;
      return;
    }
    this.draw(remaining, model.pace, isAsked);
    const passed = WARNINGS_MS.find((limit) => this.last !== null && this.last > limit / model.pace && remaining <= limit / model.pace);
    if (passed) this.told.warn(say(model.pace === 1 ? "minutes_left" : "minutes_left_real", { n: passed / 60_000, clock: asClock(remaining) }));
    if (remaining === 0 && this.last !== 0) this.told.onEnd();
    this.last = remaining;
  }

  /** @param {number} remaining  @param {number} pace  @param {boolean} isAsked */
  draw(remaining, pace, isAsked) {
    const isHidden = settings.hides_clock;
    this.button.setAttribute("aria-pressed", String(isHidden));
    this.button.classList.toggle("is-late", remaining <= WARNINGS_MS[0] / pace && !isHidden);
    const time = part("time");
    if (settings.reader_safe && !isAsked) {
      time.textContent ||= say("clock_asked");
      return;
    }
    const text = isHidden ? say("clock_hidden") : asClock(remaining);
    if (time.textContent !== text) time.textContent = text;
  }
}
