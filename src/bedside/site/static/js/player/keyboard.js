// @ts-check
// The keys of the player. Which key does what comes from the page's table (`keyboard.py`), the same that `?` shows.

import { readBlock } from "../words.js";
import { hasOwnEnter, takesText } from "../shell.js";
import { lettersAreKeys, settings } from "./settings.js";

/** @type {Record<string, string>} */
const ALT = readBlock("player").alt_keys; // "KeyF" → the name of an action
/** What needs an item on the screen, and what needs an open block. Everything else is there on every screen. */
const ON_ITEM = new Set(["flag", "clear", "strike", "highlight", "notes", "next", "previous", "picture", "sound", "stimulus"]);
const IN_BLOCK = new Set(["review", "end", "clock"]);

/** @typedef {ReturnType<typeof import("./actions.js").makeActions>} Actions */
/** @typedef {"item" | "review" | "alone"} Place */
/** @param {{actions: Actions, verbs: Record<string, () => unknown>, place: () => Place, putAway: () => boolean}} desk */
export function listenToKeys({ actions, verbs, place, putAway }) {
  /** @type {Record<string, () => unknown>} */
  const all = { ...verbs, strike: () => actions.strike(focusedLetter()), next: actions.goOn };

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || document.querySelector("dialog:modal")) return;
    if (event.altKey) onAlt(event);
    else if (event.key === "Escape" && !document.querySelector("dialog[open]")) putAway();
    else if (!event.shiftKey && place() !== "alone") onPlain(event);
  }

  /** @param {KeyboardEvent} event */
  function onAlt(event) {
    // by place, since Alt with a letter types another sign on some computers
    const name = ALT[event.code];
    const isHere = !ON_ITEM.has(name) || place() === "item";
    if (!all[name] || !isHere || (IN_BLOCK.has(name) && place() === "alone")) return;
    event.preventDefault();
    void all[name]();
  }

  /** @param {KeyboardEvent} event */
  function onPlain(event) {
    const { target } = event;
    if (target instanceof Element && target.closest("dialog")) return;
    if (event.key === "Enter") onEnter(event);
    else if (takesText(target) || settings.reader_safe) return;
    else if (place() === "item" && (onWhy(event) || onArrow(event) || onChoice(event) || onSure(event))) event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  function onEnter(event) {
    const { target } = event;
    const isAnswer = target instanceof HTMLInputElement && ("letter" in target.dataset || "confused" in target.dataset || target.id === "value");
    if (!isAnswer && (takesText(event.target) || hasOwnEnter(document.activeElement))) return;
    event.preventDefault();
    void actions.enter();
  }

  /** After a wrong answer: a number says why, a letter with what it was confused.  @param {KeyboardEvent} event */
  function onWhy(event) {
    const isIn = event.target instanceof Element && event.target.closest("#confused") !== null;
    const button = document.querySelector(`#why [data-digit="${/^[1-4]$/.test(event.key) ? event.key : "-"}"]`);
    const letter = /^[a-z]$/i.test(event.key) ? event.key.toUpperCase() : "-";
    const input = isIn ? document.querySelector(`#confused [data-confused="${letter}"]`) : null;
    if (input) /** @type {HTMLElement} */ (input).focus();
    if (!input && !(button && lettersAreKeys())) return false;
    /** @type {HTMLElement} */ (input ?? button).click();
    return true;
  }

  /** @param {KeyboardEvent} event */
  function onArrow(event) {
    if (event.target instanceof Element && event.target.closest(".scroll, .rail, .sound, #confused")) return false;
    const isRtl = document.documentElement.dir === "rtl";
    if (event.key === (isRtl ? "ArrowLeft" : "ArrowRight")) actions.next();
    else if (event.key === (isRtl ? "ArrowRight" : "ArrowLeft")) actions.previous();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") return moveInOptions(event.key === "ArrowDown" ? 1 : -1);
    else return false;
    return true;
  }

  /** @param {KeyboardEvent} event */
  function onChoice(event) {
    const inputs = options();
    const inList = event.target instanceof Element && event.target.closest("#options") !== null;
    if (!lettersAreKeys() && !inList) return false;
    if (/^[-0-9.,]$/.test(event.key)) document.getElementById("value")?.focus(); // the sign itself goes into the field
    const byNumber = /^[1-9]$/.test(event.key) ? inputs[Number(event.key) - 1] : undefined;
    const byLetter = inList ? inputs.find((input) => input.value === event.key.toUpperCase()) : undefined;
    const input = byNumber ?? byLetter;
    if (!input || input.disabled) return false;
    input.focus();
    actions.choose(input.value);
    return true;
  }

  /** @param {KeyboardEvent} event */
  function onSure(event) {
    if (!lettersAreKeys() || !["s", "u"].includes(event.key)) return false;
    actions.setSure(event.key === "s" ? "sure" : "unsure");
    return true;
  }

  document.addEventListener("keydown", onKey);
}

/** @returns {HTMLInputElement[]} */
const options = () => [...document.querySelectorAll(/** @type {"input"} */ ("#options input"))];

const focusedLetter = () => (document.activeElement instanceof HTMLInputElement ? document.activeElement.dataset.letter : undefined);

/** Move the focus among the options without choosing: to strike one, or to read them.  @param {1 | -1} step */
function moveInOptions(step) {
  const inputs = [...document.querySelectorAll(/** @type {"input"} */ ("#options input, #value"))].filter((input) => !input.disabled);
  if (!inputs.length) return false;
  const at = inputs.findIndex((input) => input === document.activeElement);
  const start = step > 0 ? 0 : inputs.length - 1;
  const to = at < 0 ? start : Math.min(inputs.length - 1, Math.max(0, at + step));
  inputs[to].focus();
  return true;
}
