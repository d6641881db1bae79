// @ts-check
// A numeric item: a field with its unit. What is typed is kept at each key; a number counts as the answer once typing pauses.

import { make, say } from "../words.js";
import { asDecimal } from "./decimal.js";
import { isLocked, isRight } from "./model.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Item} Item */
/** @typedef {ReturnType<typeof import("./actions.js").makeActions>} Actions */

const PAUSE_MS = 700;

/** What stands in the field.  @param {Model} model  @param {string} id */
export const typedIn = (model, id) => model.typed[id] ?? model.answers[id]?.value ?? "";

/** What is said of it: nothing, that it is no number, or which number still counts.  @param {Model} model  @param {string} id */
export function saidOf(model, id) {
  const typed = typedIn(model, id);
  if (!typed.trim() || asDecimal(typed) !== null) return "";
  const counts = model.answers[id]?.value;
  return counts ? say("not_a_number_but", { value: counts }) : say("not_a_number");
}

/** @param {Model} model  @param {Item} item  @param {Actions} actions */
export function drawNumber(model, item, actions) {
  if (isLocked(model, item.id)) return drawLocked(model, item);
  const input = /** @type {HTMLInputElement} */ (
    make("input", {
      id: "value", inputmode: "decimal", autocomplete: "off", spellcheck: "false", maxlength: "40",
      "aria-labelledby": "lead-in", "aria-describedby": "unit value-how value-said",
    })
  );
  let timer = 0;
  const send = () => {
    clearTimeout(timer);
    void actions.give(item.id);
  };
  input.value = typedIn(model, item.id);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE_MS);
    void actions.type(item.id, input.value);
  });
  input.addEventListener("change", send);
  return make(
    "div",
    { class: "number", id: "number" },
    make("p", { class: "entry" }, input, make("span", { id: "unit", class: "unit" }, item.unit ?? "")),
    make("p", { class: "quiet", id: "value-how" }, say("number_how")),
    make("p", { class: "problem", id: "value-said", role: "status" }, saidOf(model, item.id)),
  );
}

/** Only the words about the field, so that the cursor stays.  @param {Model} model  @param {string} id */
export function refreshNumber(model, id) {
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById("value"));
  const said = document.getElementById("value-said");
  if (!input || !said) return;
  const text = saidOf(model, id);
  input.setAttribute("aria-invalid", String(text !== ""));
  if (said.textContent !== text) said.textContent = text;
  if (document.activeElement !== input && input.value !== typedIn(model, id)) input.value = typedIn(model, id);
}

/** @param {Model} model  @param {Item} item */
function drawLocked(model, item) {
  const shown = model.revealed[item.id];
  const answer = model.answers[item.id]?.value;
  const isWrong = isRight(model, item.id) === false;
  const tolerance = shown?.tolerance && Number(shown.tolerance) ? ` ± ${shown.tolerance}` : "";
  return make(
    "dl",
    { class: "number facts", id: "number" },
    make("dt", {}, say("your_answer")),
    make("dd", {}, answer ? make("span", { class: isWrong ? "tag wrong" : null }, `${answer} ${item.unit ?? ""}`) : say("state_open")),
    shown && make("dt", {}, say("key")),
    shown && make("dd", {}, make("span", { class: "tag right" }, `${shown.value}${tolerance} ${shown.unit ?? ""}`)),
  );
}
