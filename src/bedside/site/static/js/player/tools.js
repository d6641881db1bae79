// @ts-check
// The tools that lie beside the item: reference values, calculator, notes, and marking by sentence.

import { make, say } from "../words.js";
import { asText, calculate } from "./calculator.js";
import { isMarked } from "./model.js";
import { call } from "./net.js";
import { settings } from "./settings.js";
import { part } from "./view.js";

/** @typedef {ReturnType<typeof import("./actions.js").makeActions>} Actions */

/** Open a dialog that leaves the item in use, or close it and give the focus back.  @param {string} id  @param {string} [focus] */
export function toggleBeside(id, focus) {
  const dialog = /** @type {HTMLDialogElement} */ (part(id));
  if (dialog.open) {
    dialog.close();
    return;
  }
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  for (const other of document.querySelectorAll("dialog.aside")) /** @type {HTMLDialogElement} */ (other).close();
  // a screen reader is kept inside; everybody else can go on reading the item
  if (settings.reader_safe) dialog.showModal();
  else dialog.show();
  if (focus) part(focus).focus();
  dialog.addEventListener("close", () => before?.isConnected && before.focus(), { once: true });
}

function closeOnEscape() {
  document.addEventListener("keydown", (event) => {
    const open = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.aside[open]"));
    if (event.key === "Escape" && open && !document.querySelector("dialog:modal")) open.close();
  });
  for (const button of document.querySelectorAll("[data-closes]")) {
    button.addEventListener("click", () => /** @type {HTMLDialogElement} */ (button.closest("dialog")).close());
  }
}

// --- reference values ------------------------------------------------------------------------------------------------

/** @type {any[] | null} */
let analytes = null;

/** Fetched when a block opens, so that they are there without network. */
export async function fetchAnalytes() {
  if (analytes) return;
  try {
    const told = await call("GET", "/api/reference/analytes");
    analytes = told.analytes ?? told;
  } catch {
    analytes = null; // asked again when the dialog opens
  }
}

async function openLabs() {
  toggleBeside("labs", "labs-search");
  if (!/** @type {HTMLDialogElement} */ (part("labs")).open) return;
  await fetchAnalytes();
  drawLabs();
}

function drawLabs() {
  const words = /** @type {HTMLInputElement} */ (part("labs-search")).value.trim().toLowerCase().split(/\s+/);
  const isSi = /** @type {HTMLInputElement} */ (part("labs-si")).checked;
  const body = part("labs-rows");
  const found = (analytes ?? []).filter((row) => words.every((word) => searchText(row).includes(word)));
  part("labs-said").textContent = analytes ? say("labs_found", { n: found.length, of: analytes.length }) : say("labs_missing");
  body.replaceChildren();
  let group = "";
  for (const row of found) {
    if (row.group !== group) {
      group = row.group;
      body.append(make("tr", {}, make("th", { colspan: "2", scope: "colgroup", class: "group" }, groupName(group))));
    }
    const name = row.condition ? `${row.name}, ${row.condition}` : row.name;
    body.append(make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, interval(isSi ? (row.si ?? row.conventional) : row.conventional))));
  }
}

/** @param {any} row */
const searchText = (row) => [row.name, row.specimen, row.condition, groupName(row.group ?? "")].filter(Boolean).join(" ").toLowerCase();

/** @param {string} group */
const groupName = (group) => {
  const words = group.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** @param {any} bounds */
function interval(bounds) {
  if (!bounds) return say("labs_unknown");
  const unit = (bounds.unit ?? "").replace(/^u(?=[A-Z]|mol|g|m)/, "μ");
  const { low, high } = bounds;
  if (low !== null && low !== undefined && high !== null && high !== undefined) return `${low}–${high} ${unit}`;
  const op = { "<=": "≤", ">=": "≥" }[/** @type {string} */ (bounds.op)] ?? bounds.op ?? (high === null || high === undefined ? ">" : "<");
  return `${op} ${low ?? high} ${unit}`;
}

// --- calculator ------------------------------------------------------------------------------------------------------

function setUpCalculator() {
  const input = /** @type {HTMLInputElement} */ (part("sum"));
  const output = part("result");
  const show = () => {
    const value = calculate(input.value);
    output.textContent = value === null ? (input.value.trim() ? say("sum_open") : "0") : asText(value);
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const value = event.key === "Enter" ? calculate(input.value) : null;
    if (event.key === "Enter") event.preventDefault();
    if (value !== null) input.value = asText(value);
    show();
  });
  part("pad").addEventListener("click", (event) => {
    const key = event.target instanceof HTMLButtonElement ? event.target.value : "";
    const value = key === "=" ? calculate(input.value) : null;
    if (key === "C") input.value = "";
    else if (key === "=") input.value = value === null ? input.value : asText(value);
    else input.value += key;
    show();
  });
}

// --- notes and sentences ---------------------------------------------------------------------------------------------

/** @param {Actions} actions */
function setUpNotes(actions) {
  const note = /** @type {HTMLTextAreaElement} */ (part("note"));
  let timer = 0;
  const keep = () => {
    clearTimeout(timer);
    actions.note(note.value, note.dataset.item ?? "");
  };
  note.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 600);
  });
  note.addEventListener("blur", keep);
  note.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    note.blur();
    part("item-name").focus();
  });
  addEventListener("pagehide", keep);
}

function openNotes() {
  const notes = part("notes");
  const isOpen = !notes.hidden && document.activeElement === part("note");
  document.body.dataset.notes = isOpen ? "" : "open";
  notes.hidden = isOpen && !(/** @type {HTMLTextAreaElement} */ (part("note")).value);
  if (!isOpen) part("note").focus();
  else part("item-name").focus();
}

/**
 * The sentences on the screen as checkboxes: marking without a pointer. Where items share a text, its sentences have its name.
 * @param {Actions} actions  @param {{marked: import("./model.js").Range[], item: string, shared: string}} now
 */
export function offerSentences(actions, { marked, item, shared }) {
  const texts = actions.offered().filter(({ sentences }) => sentences.length > 0);
  const lists = texts.flatMap(({ isShared, sentences }) => {
    const rows = sentences.map(({ range, text }) => {
      const input = make("input", { type: "checkbox", onchange: () => actions.markRanges([range]) });
      /** @type {HTMLInputElement} */ (input).checked = isMarked(marked, range);
      return make("li", {}, make("label", {}, input, make("span", {}, text)));
    });
    return [texts.length > 1 && make("h3", {}, isShared ? shared : item), make("ul", { class: "choices" }, ...rows)];
  });
  part("sentences-list").replaceChildren(.../** @type {Node[]} */ (lists.filter(Boolean)));
  /** @type {HTMLDialogElement} */ (part("sentences")).showModal();
  part("sentences-list").querySelector("input")?.focus();
}

/** @param {Actions} actions  @returns {Record<string, () => void>} */
export function setUpTools(actions) {
  closeOnEscape();
  setUpCalculator();
  setUpNotes(actions);
  part("labs-search").addEventListener("input", drawLabs);
  part("labs-si").addEventListener("change", drawLabs);
  return {
    notes: openNotes,
    labs: () => void openLabs(),
    calculator: () => toggleBeside("calculator", "sum"),
    display: () => toggleBeside("display"),
  };
}
