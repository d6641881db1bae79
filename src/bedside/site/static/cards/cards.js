// @ts-check
// The list of cards by keyboard: n writes a new one, / goes to the search.

import { shell, takesText } from "../js/shell.js";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
  if (!shell.letters || document.querySelector("dialog:modal")) return;
  const find = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-find]"));
  const write = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-new]"));
  if (event.key === "n" && write) {
    event.preventDefault();
    location.assign(write.href);
  } else if (event.key === "/" && find) {
    event.preventDefault();
    find.select();
  }
});
