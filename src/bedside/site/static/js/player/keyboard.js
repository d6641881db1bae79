// @ts-check
// The keys of the player. Which key does what comes from the page's table (`keyboard.py`), the same that `?` shows.

import { readBlock } from "../words.js";
import { hasOwnEnter, takesText } from "../shell.js";

const player = readBlock("player");
/** @type {Record<string, string>} */
const ALT = player.alt_keys; // "KeyF" → the name of an action

/** @typedef {ReturnType<typeof import("./actions.js").makeActions>} Actions */
/** @param {{actions: Actions, tools: Record<string, () => void>, isWorking: () => boolean, screen: () => "item" | "review"}} desk */
export function listenToKeys({ actions, tools, isWorking, screen }) {
  const verbs = { flag: actions.flag, strike: () => actions.strike(focusedLetter()), highlight: actions.highlight, review: actions.review, ...tools };

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || !isWorking() || document.querySelector("dialog:modal")) return;
    if (event.altKey) onAlt(event);
    else if (!takesText(event.target) && !event.shiftKey) onPlain(event);
  }

  /** @param {KeyboardEvent} event */
  function onAlt(event) {
    // by place, since Alt with a letter types another sign on some computers
    const verb = /** @type {Record<string, () => void>} */ (verbs)[ALT[event.code]];
    if (!verb || (screen() !== "item" && ["strike", "highlight", "notes"].includes(ALT[event.code]))) return;
    event.preventDefault();
    verb();
  }

  /** @param {KeyboardEvent} event */
  function onPlain(event) {
    const inDialog = event.target instanceof Element && event.target.closest("dialog") !== null;
    if (inDialog) return;
    if (event.key === "Enter") onEnter(event);
    else if (screen() === "item" && (onArrow(event) || onChoice(event) || onSure(event))) event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  function onEnter(event) {
    const isOption = event.target instanceof HTMLInputElement && event.target.dataset.letter !== undefined;
    if (!isOption && hasOwnEnter(document.activeElement)) return;
    event.preventDefault();
    void actions.enter();
  }

  /** @param {KeyboardEvent} event */
  function onArrow(event) {
    if (event.target instanceof Element && event.target.closest(".scroll, .rail")) return false;
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
    if (!player.letters && !inList) return false;
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
    if (!player.letters || !["s", "u"].includes(event.key)) return false;
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
  const inputs = options().filter((input) => !input.disabled);
  if (!inputs.length) return false;
  const at = inputs.findIndex((input) => input === document.activeElement);
  const start = step > 0 ? 0 : inputs.length - 1;
  const to = at < 0 ? start : Math.min(inputs.length - 1, Math.max(0, at + step));
  inputs[to].focus();
  return true;
}
