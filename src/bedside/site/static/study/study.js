// @ts-check
// The study queue by keyboard: Space shows the answer, 1 to 4 grade it, u takes the last grade back.
// Without this script the same is done by the buttons.

import { hasOwnEnter, shell, takesText } from "../js/shell.js";

const answer = /** @type {HTMLDetailsElement | null} */ (document.getElementById("answer"));

/** Press a button of the page, once.  @param {string} selector */
function press(selector) {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(selector));
  button?.click();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (takesText(event.target) || document.querySelector("dialog:modal")) return;
  if (event.key === " " && answer && !answer.open && !hasOwnEnter(document.activeElement)) {
    event.preventDefault(); // the page would scroll
    answer.open = true;
  } else if (shell.letters && answer?.open && /^[1-4]$/.test(event.key)) {
    event.preventDefault();
    press(`[data-grade="${event.key}"]`);
  } else if (shell.letters && event.key === "u") {
    event.preventDefault();
    press("#undo");
  }
}

answer?.addEventListener("toggle", () => {
  if (!answer.open) return;
  answer.querySelector("summary")?.removeAttribute("data-enter"); // a further Enter would hide it again
  document.getElementById("answer-text")?.focus(); // a screen reader reads it
});

// a form is sent once, however often its key is pressed
for (const form of document.querySelectorAll("main form")) {
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-sent")) event.preventDefault();
    form.setAttribute("data-sent", "");
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
});

document.addEventListener("keydown", onKey);
