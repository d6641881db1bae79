// @ts-check
// Why an answer was wrong, asked once its explanation is here: four reasons, each on one key, and for the third with what.

import { make, say } from "../words.js";
import { isRight } from "./model.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Item} Item */

const REASONS = ["did_not_know", "misread", "confused", "changed_from_right"];

/** The reasons that can be given on an item now; none where it is not known to be wrong.  @param {Model} model  @param {Item} item */
export function reasonsFor(model, item) {
  if (model.mode !== "tutor" || isRight(model, item.id) !== false) return [];
  return REASONS.filter((reason) => reason !== "changed_from_right" || wasRight(model, item.id) || model.reasons[item.id]?.reason === reason);
}

/** Did the right choice stand there before the one that was confirmed?  @param {Model} model  @param {string} id */
function wasRight(model, id) {
  const right = [...model.revealed[id].key].sort().join();
  return right !== "" && (model.tried[id] ?? []).some((choice) => [...choice].sort().join() === right);
}

/** What was chosen and is not the key.  @param {Model} model  @param {string} id */
const taken = (model, id) => (model.answers[id]?.choice ?? []).find((letter) => !model.revealed[id]?.key.includes(letter)) ?? "";

/** What is the key and was not chosen: that with which it was most likely confused.  @param {Model} model  @param {string} id */
export function missed(model, id) {
  const choice = model.answers[id]?.choice ?? [];
  return taken(model, id) ? (model.revealed[id]?.key.find((letter) => !choice.includes(letter)) ?? "") : "";
}

/** @param {Model} model  @param {Item} item  @param {{why: (reason: string, confusedWith?: string) => unknown}} actions */
export function drawWhy(model, item, actions) {
  const reasons = reasonsFor(model, item);
  if (!reasons.length) return null;
  const buttons = reasons.map((reason, index) =>
    make(
      "button",
      { type: "button", "data-digit": String(index + 1), "data-reason": reason, "aria-pressed": "false", onclick: () => actions.why(reason) },
      make("span", { class: "digit", "aria-hidden": "true" }, String(index + 1)),
      say(`why_${reason}`),
    ),
  );
  const section = make(
    "section",
    { id: "why", class: "why", "aria-labelledby": "why-name" },
    make("h3", { id: "why-name" }, say("why")),
    make("div", { class: "ways", role: "group", "aria-labelledby": "why-name" }, ...buttons),
    drawConfused(model, item, actions),
  );
  refresh(section, model, item.id);
  return section;
}

/** With which of the other options.  @param {Model} model  @param {Item} item  @param {{why: (reason: string, confusedWith?: string) => unknown}} actions */
function drawConfused(model, item, actions) {
  const chosen = taken(model, item.id);
  if (!chosen) return null;
  const rows = item.options
    .filter(({ letter }) => letter !== chosen)
    .map(({ letter, html }) => {
      const input = make("input", { type: "radio", name: "confused", value: letter, "data-confused": letter, onchange: () => actions.why("confused", letter) });
      const text = make("span", { class: "text" });
      text.innerHTML = html; // as the server rendered and sanitised it
      return make("li", {}, make("label", {}, input, make("span", { class: "letter" }, letter), text));
    });
  return make(
    "fieldset",
    { id: "confused" },
    make("legend", {}, say("why_with", { letter: chosen })),
    make("ul", { class: "choices" }, ...rows),
  );
}

/** @param {Model} model  @param {string} id of the item on the screen */
export function refreshWhy(model, id) {
  const section = document.getElementById("why");
  if (section) refresh(section, model, id);
}

/** @param {HTMLElement} section  @param {Model} model  @param {string} id */
function refresh(section, model, id) {
  const said = model.reasons[id];
  for (const button of section.querySelectorAll("[data-reason]")) {
    button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.reason === said?.reason));
  }
  const confused = /** @type {HTMLElement | null} */ (section.querySelector("#confused"));
  if (confused) confused.hidden = said?.reason !== "confused";
  for (const input of section.querySelectorAll(/** @type {"input"} */ ("[data-confused]"))) input.checked = input.value === said?.confused_with;
}

/**
 * Into the list of options with this one preset: a letter chooses another. It shows before the reason is kept, so that the
 * letter may be pressed right after the number.
 * @param {string} letter
 */
export function focusConfused(letter) {
  const list = /** @type {HTMLElement | null} */ (document.getElementById("confused"));
  const input = /** @type {HTMLInputElement | null} */ (list?.querySelector(`[data-confused="${letter}"]`) ?? null);
  if (!list || !input) return;
  list.hidden = false;
  input.checked = true;
  input.focus();
}
