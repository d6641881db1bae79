// @ts-check
// Why an answer was wrong, in one key: in a report, 1 to 4 for the item that is open and has the focus. Without this script the
// same is done by the buttons, each of which sends the form.

import { newId } from "../js/player/ids.js";
import { shell, takesText } from "../js/shell.js";
import { readBlock } from "../js/words.js";

/** @type {{kept: string, not_kept: string}} */
const words = { kept: "", not_kept: "", ...readBlock("after-words") };

/** @param {HTMLFormElement} form  @param {HTMLButtonElement} button */
async function send(form, button) {
  const said = form.querySelector("[data-said]");
  const body = new FormData(form);
  body.set("reason", button.value);
  const id = /** @type {HTMLInputElement} */ (form.elements.namedItem("id"));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.status !== 204) throw new Error(`status ${answer.status}`);
    id.value = newId();
    for (const other of form.querySelectorAll("[name=reason]")) other.setAttribute("aria-pressed", String(other === button));
    if (said) said.textContent = words.kept;
  } catch {
    if (said) said.textContent = words.not_kept;
  }
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-reasons]"))) {
  form.addEventListener("submit", (event) => {
    const button = /** @type {SubmitEvent} */ (event).submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    void send(form, button);
  });
  // another choice of what it was confused with is said at once, where that is the reason
  form.querySelector("select")?.addEventListener("change", () => {
    const button = /** @type {HTMLButtonElement | null} */ (form.querySelector('[value="confused"][aria-pressed="true"]'));
    if (button) void send(form, button);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !shell.letters) return;
  if (takesText(event.target) || document.querySelector("dialog:modal") || !/^[1-4]$/.test(event.key)) return;
  const open = document.activeElement?.closest("li")?.querySelector(":scope > details[open] form[data-reasons]");
  const button = /** @type {HTMLButtonElement | null | undefined} */ (open?.querySelector(`[data-digit="${event.key}"]`));
  if (!button) return;
  event.preventDefault();
  button.click();
});
