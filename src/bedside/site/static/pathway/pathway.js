// @ts-check
// The pathway by keyboard: o opens all reasons, or closes them.

import { shell, takesText } from "../js/shell.js";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
  if (event.key !== "o" || !shell.letters || document.querySelector("dialog:modal")) return;
  const parts = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details[data-why]"));
  const open = [...parts].some((part) => part.open);
  for (const part of parts) part.open = !open;
});
