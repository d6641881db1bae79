// @ts-check
// On the pages about the exams `t` opens and closes the numbers behind the pictures. Without it they open one by one.

import { readBlock } from "./words.js";
import { takesText } from "./shell.js";

let last = "";

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
  if (event.key === "t" && last !== "g") {
    const parts = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(".sheet details"));
    const open = [...parts].some((part) => part.open);
    parts.forEach((part) => (part.open = !open));
  }
  last = event.key;
}

if (readBlock("shell").letters !== false) document.addEventListener("keydown", onKey);
