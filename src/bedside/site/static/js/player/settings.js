// @ts-check
// How the page looks and behaves for this person. It starts from the profile; what is changed in a sitting is an event of it,
// so that it holds after a crash and on another computer.
//
// Reader-safe, for a screen reader: everything in one column and in reading order; no clock that counts on the screen, and
// nothing that speaks by itself, since speech that breaks into a vignette is lost time. What it would have said stands on
// the page, and Alt+I says it. Letters and arrows stay with the screen reader; tools open as dialogs that hold the focus.

import { readBlock } from "../words.js";
import { shell } from "../shell.js";
import { call } from "./net.js";

const player = readBlock("player");

/** @typedef {{theme: string, text_size: string, reduced_motion: boolean, reader_safe: boolean, letters: boolean, hides_clock: boolean}} Settings */

const root = document.documentElement;
/** @type {Settings} */
export const settings = {
  theme: root.dataset.theme ?? "system",
  text_size: root.dataset.text ?? "normal",
  reduced_motion: root.dataset.motion === "reduced",
  reader_safe: root.dataset.reader === "safe",
  letters: player.letters !== false,
  hides_clock: false,
};
const PROFILE = new Set(["theme", "text_size"]); // what the profile takes from here

/** Are letters and numbers without Alt keys now? */
export const lettersAreKeys = () => settings.letters && !settings.reader_safe;

/** The same marks as the server puts on every page.  @param {string} name  @param {string} value */
function mark(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
}

/** @param {Record<string, string | number | boolean>} values  of a sitting; those that are no setting are left */
export function wear(values) {
  for (const [name, value] of Object.entries(values)) if (name in settings) Object.assign(settings, { [name]: value });
  root.dataset.theme = settings.theme;
  root.dataset.text = settings.text_size;
  mark("motion", settings.reduced_motion ? "reduced" : "");
  mark("reader", settings.reader_safe ? "safe" : "");
  shell.letters = lettersAreKeys();
  const media = { dark: "all", light: "not all", contrast: "not all" }[settings.theme] ?? "(prefers-color-scheme: dark)";
  /** @type {HTMLLinkElement} */ (document.getElementById("dark")).media = media;
  for (const input of document.querySelectorAll(/** @type {"input"} */ ("#display input"))) {
    const value = settings[/** @type {keyof Settings} */ (input.name)];
    input.checked = input.type === "checkbox" ? Boolean(value) : value === input.value;
  }
}

/** @param {(values: Record<string, string | boolean>) => void} keep  @param {() => void} changed */
export function setUpDisplay(keep, changed) {
  document.getElementById("display")?.addEventListener("change", (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const value = input.type === "checkbox" ? input.checked : input.value;
    wear({ [input.name]: value });
    keep({ [input.name]: value });
    changed();
    // kept for the next sitting too; without network it holds for this one
    if (PROFILE.has(input.name)) call("POST", player.display_url, { [input.name]: value }).catch(() => undefined);
  });
}
