// @ts-check
// What works on every page: the list of keys, the two-letter ways to other pages, the main action on Enter,
// the table behind a picture, and the service worker that keeps the player at hand.

import { letTablesScroll } from "./scroll.js";
import { readBlock } from "./words.js";

/** @type {{letters: boolean, go: Record<string, string>, worker: string}} */
export const shell = { letters: true, go: {}, worker: "", ...readBlock("shell") };
const CHORD_MS = 1500; // from `g` to the letter that follows
const TWICE_MS = 2000; // a form sent again within this was pressed twice by mistake

let chordSince = -Infinity;
/** @type {WeakMap<HTMLFormElement, number>} */ const sentAt = new WeakMap();

/** Does this element take letters itself?  @param {EventTarget | null} target */
export function takesText(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "button", "submit", "range"].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Would Enter press this element by itself?  @param {Element | null} target */
export function hasOwnEnter(target) {
  return target instanceof Element && target.closest("a, button, summary, input, select, textarea, [contenteditable]") !== null;
}

export function toggleKeys() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys"));
  if (!dialog) return;
  if (dialog.open) dialog.close();
  else if (!document.querySelector("dialog:modal")) dialog.showModal();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
  if (event.key === "Enter") {
    const main = /** @type {HTMLElement | null} */ (document.querySelector("[data-enter]"));
    if (main && !hasOwnEnter(document.activeElement) && !document.querySelector("dialog:modal")) main.click();
    return;
  }
  if (!shell.letters) return;
  if (event.key === "?") {
    event.preventDefault();
    toggleKeys();
  } else if (event.timeStamp - chordSince < CHORD_MS && shell.go[event.key]) {
    location.assign(shell.go[event.key]);
  } else if (event.key === "t") {
    toggleTables();
  }
  chordSince = event.key === "g" ? event.timeStamp : -Infinity;
}

function toggleTables() {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-table]"));
  const open = [...buttons].some((button) => button.getAttribute("aria-expanded") === "true");
  buttons.forEach((button) => showTable(button, !open));
}

/** A double click makes one thing, not two.  @param {SubmitEvent} event */
function onSubmit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method !== "post") return;
  if (event.timeStamp - (sentAt.get(form) ?? -Infinity) < TWICE_MS) event.preventDefault();
  else sentAt.set(form, event.timeStamp);
}

/** @param {HTMLButtonElement} button  @param {boolean} open */
function showTable(button, open) {
  const table = document.getElementById(button.dataset.table ?? "");
  button.setAttribute("aria-expanded", String(open));
  if (table) table.hidden = !open;
}

for (const button of document.querySelectorAll("button[data-table]")) {
  const toggle = /** @type {HTMLButtonElement} */ (button);
  toggle.hidden = false;
  showTable(toggle, false);
  toggle.addEventListener("click", () => showTable(toggle, toggle.getAttribute("aria-expanded") !== "true"));
}

for (const opener of document.querySelectorAll("[data-opens-keys]")) {
  /** @type {HTMLElement} */ (opener).hidden = false;
  opener.addEventListener("click", toggleKeys);
}

for (const stem of document.querySelectorAll(".stem[data-name]")) {
  letTablesScroll(stem, /** @type {HTMLElement} */ (stem).dataset.name ?? "");
}

document.addEventListener("keydown", onKey);
addEventListener("submit", onSubmit); // after the page's own listeners, which may send a form themselves

// paper shows every explanation
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
});

if (shell.worker && "serviceWorker" in navigator) {
  // a browser that refuses it (a private window) only loses the work without network
  navigator.serviceWorker.register(shell.worker, { scope: "/" }).catch(() => undefined);
}
