// @ts-check
// What is asked before something is done: which parts, how long, where to, which orders, back to when.

import { make, say } from "../js/words.js";
import { span } from "./time.js";

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

/**
 * Open a dialog; `done` is called when it was confirmed.
 * @param {string} id @param {string | null} focus what gets the focus @param {() => void} done
 */
function ask(id, focus, done) {
  const dialog = /** @type {HTMLDialogElement} */ (find(id));
  if (dialog.open || document.querySelector("dialog:modal")) return;
  dialog.returnValue = "";
  dialog.showModal();
  if (focus) /** @type {HTMLElement | null} */ (dialog.querySelector(focus))?.focus();
  dialog.onclose = () => {
    if (dialog.returnValue === "go") done();
  };
}

// Enter in a list of boxes confirms, as it does in a field
for (const form of document.querySelectorAll("dialog > form")) {
  form.addEventListener("keydown", (event) => {
    const { key, target } = /** @type {KeyboardEvent} */ (event);
    if (key !== "Enter" || !(target instanceof HTMLInputElement)) return;
    event.preventDefault();
    /** @type {HTMLFormElement} */ (form).requestSubmit(/** @type {HTMLElement} */ (form.querySelector("button[value=go]")));
  });
}

/** @param {"checkbox" | "radio"} type @param {string} name @param {string} value @param {string} text @param {string} [more] @param {boolean} [isOff] @param {boolean} [isOn] */
const choice = (type, name, value, text, more = "", isOff = false, isOn = false) =>
  make("li", {}, make("label", {}, make("input", { type, name, value, disabled: isOff, checked: isOn }), text, more ? make("span", { class: "count quiet" }, more) : null));

/** @param {string} name */
const chosen = (name) => [...document.querySelectorAll(`input[name=${name}]:checked`)].map((input) => /** @type {HTMLInputElement} */ (input).value);

/** @param {any} state @param {(parts: string[]) => void} done */
export function askParts(state, done) {
  const parts = [...state.examinations].sort((a, b) => Number(b.part === "general") - Number(a.part === "general"));
  find("examine-parts").replaceChildren(...parts.map((one) => choice("checkbox", "part", one.part, one.name, span(one.takes_s))));
  const told = () => {
    const all = parts.filter((one) => chosen("part").includes(one.part)).reduce((sum, one) => sum + one.takes_s, 0);
    find("examine-takes").textContent = all ? say("takes_all", { span: span(all) }) : "";
  };
  find("examine-parts").onchange = told;
  told();
  ask("examine", "input", () => {
    if (chosen("part").length) done(chosen("part"));
  });
}

/** The reports that are due up to an instant. @param {any} state @param {number} to_s */
export const dueBy = (state, to_s) => state.orders.filter((/** @type {any} */ one) => one.due_s !== null && one.due_s <= to_s);

/** @param {any} state @param {import("./time.js").WallClock} wall @param {(seconds: number) => void} done */
export function askTime(state, wall, done) {
  const now = wall.parts(state.now_s);
  field("time-day").value = String(now.day);
  field("time-at").value = "";
  const seconds = () => {
    const { value: at } = field("time-at");
    if (at) return wall.at(Number(field("time-day").value), at) - state.now_s;
    return Math.round(Number(field("time-n").value) * Number(field("time-unit").value));
  };
  const told = () => {
    const by = seconds();
    if (!(by >= 0)) {
      find("time-says").textContent = say("not_in_the_past");
      return;
    }
    const due = dueBy(state, state.now_s + by);
    const names = due.map((/** @type {any} */ one) => one.name).join(", ");
    const skips = !due.length ? say("skips_none") : say(due.length === 1 ? "skips_one" : "skips_other", { n: due.length, names });
    find("time-says").textContent = `${say("to", { at: wall.long(state.now_s + by) })} ${skips} ${say("note_stops")}`;
  };
  find("time-form").oninput = told;
  told();
  ask("time", "#time-n", () => {
    if (seconds() > 0) done(seconds());
  });
  field("time-n").select();
}

/** @param {any} state @param {(place: string) => void} done */
export function askPlace(state, done) {
  const rows = state.places.map((/** @type {any} */ one) => {
    const isHere = one.id === state.location;
    return choice("radio", "place", one.id, one.name, isHere ? say("here") : say("takes", { span: span(one.takes_s) }), isHere);
  });
  find("move-places").replaceChildren(...rows);
  ask("move", "input:not(:disabled)", () => {
    if (chosen("place").length) done(chosen("place")[0]);
  });
}

/** The orders that can be stopped, each id once. @param {any} state */
export function stoppable(state) {
  const byId = new Map();
  for (const one of state.orders) if (one.is_stoppable && !byId.has(one.order)) byId.set(one.order, one);
  return [...byId.values()];
}

/** @param {any} state @param {(orders: string[]) => void} done @returns {boolean} is there anything to stop? */
export function askStop(state, done) {
  const orders = stoppable(state);
  if (!orders.length) return false;
  find("stop-orders").replaceChildren(...orders.map((one) => choice("checkbox", "order", one.order, one.name, say(`stage_${one.stage}`))));
  ask("stop", "input", () => {
    if (chosen("order").length) done(chosen("order"));
  });
  return true;
}

/** @param {{after: number, text: string}[]} moments the newest first @param {(after: number) => void} done */
export function askMoment(moments, done) {
  find("undo-moments").replaceChildren(...moments.map((one, n) => choice("radio", "after", String(one.after), one.text, "", false, n === 0)));
  ask("undo", "input", () => done(Number(chosen("after")[0])));
}
