// @ts-check
// The item on the screen. Reads the model, draws it, and says to `actions` what the person did; decides nothing.

import { letTablesScroll } from "../scroll.js";
import { icon, make, readBlock, say } from "../words.js";
import { wireExhibits } from "./exhibits.js";
import { mark } from "./highlight.js";
import { STIMULUS_AT, chosen, currentIndex, currentItem, isLocked, isRight, marksOn } from "./model.js";
import { drawNumber, refreshNumber, typedIn } from "./number.js";
import { drawWhy, refreshWhy } from "./why.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Item} Item */
/** @typedef {ReturnType<typeof import("./actions.js").makeActions>} Actions */

/** @param {string} id  @returns {HTMLElement} */
export const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** HTML that the server rendered and sanitised.  @param {HTMLElement} element  @param {string} html */
function fill(element, html) {
  element.innerHTML = html;
  letTablesScroll(element, say("table"));
  return element;
}

const NUMERIC = "="; // stands for the letter of an option where a numeric item is explained

/** The whole item anew: another item came, or its answer was revealed.  @param {Model} model  @param {Actions} actions */
export function drawItem(model, actions) {
  const item = currentItem(model);
  const stem = make("div", { class: "stem", id: "stem" });
  stem.append(fill(make("div"), item.stem_html), fill(make("div", { class: "lead-in", id: "lead-in" }), item.lead_in_html));
  const article = make(
    "article",
    { "aria-labelledby": "item-name" },
    make("h2", { id: "item-name", class: "unseen", tabindex: "-1" }, itemName(model, item)),
    ...drawPart(model, item),
    stem,
    item.kind === "numeric" ? drawNumber(model, item, actions) : drawOptions(model, item, actions),
    isLocked(model, item.id) ? null : drawUnder(model, item, actions),
    drawVerdict(model, item),
    drawReason(model, item),
    drawWhy(model, item, actions),
  );
  const stimulus = drawStimulus(model, item);
  part("page").replaceChildren(...(stimulus ? [stimulus, article] : [article]));
  part("page").classList.toggle("with-stimulus", stimulus !== null);
  wireExhibits(part("page"));
  markAll(model);
  drawMargin(model, item, actions);
}

/** Which part of a sequential set it is, whether it is locked, and what came before.  @param {Model} model  @param {Item} item */
function drawPart(model, item) {
  const { set } = item;
  const place = set?.kind === "sequential" ? say("part_of", { n: set.n, of: set.of }) : "";
  const locked = model.left[item.id] ? say("part_locked") : "";
  const earlier = item.earlier_html ?? [];
  return [
    (place || locked) && make("p", { class: "part quiet" }, [place, locked].filter(Boolean).join(". ")),
    earlier.length > 0 &&
      make("details", { class: "earlier", open: true }, make("summary", {}, say("earlier")), ...earlier.map((html) => fill(make("div"), html))),
  ];
}

/** What a set of items shares, beside or above the item.  @param {Model} model  @param {Item} item */
function drawStimulus(model, item) {
  const set = item.set?.kind === "shared" ? model.sets[item.set.id] : undefined;
  if (!set?.stimulus_html) return null;
  const isOpen = document.body.dataset.stimulus !== "closed";
  const body = fill(make("div", { id: "stimulus-text" }), set.stimulus_html);
  const toggle = make(
    "button",
    { type: "button", id: "stimulus-toggle", "aria-expanded": String(isOpen), "aria-controls": "stimulus-text", onclick: toggleStimulus },
    say(isOpen ? "stimulus_hide" : "stimulus_show"),
  );
  const place = say("stimulus_for", { n: item.set?.n ?? 1, of: item.set?.of ?? 1 });
  return make(
    "section",
    { class: "stimulus", "aria-labelledby": "stimulus-name" },
    make("div", { class: "stimulus-head" }, make("h2", { id: "stimulus-name", tabindex: "-1" }, set.title || say("stimulus")), toggle),
    make("p", { class: "quiet" }, place),
    body,
  );
}

/** On a narrow page it can be folded away; on a wide one it stays, and the focus goes to it. */
export function toggleStimulus() {
  const toggle = document.getElementById("stimulus-toggle");
  if (!toggle) return;
  if (!toggle.offsetParent) {
    part("stimulus-name").focus();
    return;
  }
  const isOpen = toggle.getAttribute("aria-expanded") !== "true";
  document.body.dataset.stimulus = isOpen ? "open" : "closed";
  toggle.setAttribute("aria-expanded", String(isOpen));
  toggle.textContent = say(isOpen ? "stimulus_hide" : "stimulus_show");
}

/** @param {Model} model  @param {Item} item */
function itemName(model, item) {
  const { set } = item;
  const place = say("item_of", { n: currentIndex(model) + 1, of: model.items.length });
  const inSet = set?.kind === "sequential" ? say("part_of", { n: set.n, of: set.of }) : "";
  return [place, inSet, model.left[item.id] && say("state_locked"), model.flagged[item.id] && say("flagged")].filter(Boolean).join(", ");
}

/** @param {Model} model  @param {Item} item  @param {Actions} actions */
function drawOptions(model, item, actions) {
  const isMultiple = item.kind === "multiple_select";
  const rows = item.options.map((option) => drawOption(model, item, option, actions));
  return make(
    "div",
    { role: isMultiple ? "group" : "radiogroup", "aria-labelledby": "lead-in", id: "options" },
    isMultiple && make("p", { class: "quiet" }, say("choose_several")),
    make("ul", { class: "options", role: "presentation" }, ...rows),
  );
}

/** @param {Model} model  @param {Item} item  @param {import("./model.js").Option} option  @param {Actions} actions */
function drawOption(model, item, option, actions) {
  const { letter, html } = option;
  const shown = model.revealed[item.id];
  const locked = isLocked(model, item.id);
  const isMultiple = item.kind === "multiple_select";
  const isStruck = (model.struck[item.id] ?? []).includes(letter);
  const input = make("input", {
    type: isMultiple ? "checkbox" : "radio",
    name: "choice",
    value: letter,
    "data-letter": letter,
    onchange: () => actions.choose(letter),
  });
  Object.assign(input, { checked: chosen(model, item.id).includes(letter), disabled: locked });
  const text = fill(make("span", { class: "text" }), html);
  const line = make(
    locked ? "div" : "label",
    { class: "option" },
    locked ? null : input,
    make("span", { class: "letter" }, letter),
    text,
    make("span", { class: "unseen struck-word", hidden: !isStruck }, say("struck_out")),
    ...drawTags(model, item, letter),
  );
  const strike = make(
    "button",
    { type: "button", class: "strike", "aria-pressed": String(isStruck), onclick: () => actions.strike(letter) },
    icon("strike"),
    make("span", { class: "unseen" }, say("strike_option", { letter })),
  );
  const explanation = shown?.explanations[letter];
  const classes = [isStruck && "is-struck", shown?.key.includes(letter) && "is-key"].filter(Boolean).join(" ");
  return make(
    "li",
    { class: classes || null, role: "presentation" },
    line,
    locked ? null : strike,
    explanation && fill(make("div", { class: "explanation" }), explanation),
  );
}

/** @param {Model} model  @param {Item} item  @param {string} letter */
function drawTags(model, item, letter) {
  if (!isLocked(model, item.id)) return [];
  const isKey = model.revealed[item.id]?.key.includes(letter);
  const isChosen = model.answers[item.id]?.choice.includes(letter);
  return [
    isChosen && make("span", { class: `tag ${isKey === false ? "wrong" : ""}` }, say("your_answer")),
    isKey && make("span", { class: "tag right" }, say("key")),
  ].filter((tag) => tag instanceof HTMLElement);
}

/** What can be said of the choice before it is sent.  @param {Model} model  @param {Item} item  @param {Actions} actions */
function drawUnder(model, item, actions) {
  const sureness = model.answers[item.id]?.confidence ?? model.sureness[item.id] ?? null;
  const isChosen = isGiven(model, item);
  /** @param {"sure" | "unsure"} name */
  const button = (name) => {
    const toggle = make(
      "button",
      { type: "button", "data-sureness": name, "aria-pressed": String(sureness === name), onclick: () => actions.setSure(name) },
      say(name),
    );
    /** @type {HTMLButtonElement} */ (toggle).disabled = !isChosen;
    return toggle;
  };
  const clear = make("button", { type: "button", class: "plain clear", id: "clear", onclick: () => actions.clear() }, say("clear"));
  clear.hidden = !isChosen;
  return make("div", { class: "under", role: "group", "aria-label": say("how_sure") }, button("sure"), button("unsure"), clear);
}

/** @param {Model} model  @param {Item} item */
function drawVerdict(model, item) {
  if (model.mode !== "tutor" || !(item.id in model.answers)) return null;
  const right = isRight(model, item.id);
  const soon = navigator.onLine ? "answer_kept" : "explanation_later";
  const name = right === null ? soon : right ? "right" : "wrong";
  const shown = model.revealed[item.id];
  const key = shown?.value ? `${shown.value} ${shown.unit ?? ""}`.trim() : (shown?.key ?? []).join(", ");
  return make("p", { class: "verdict", id: "verdict", "data-open": right === null }, say(name, { key }));
}

/** Why a number is right; options have their reasons beside them.  @param {Model} model  @param {Item} item */
function drawReason(model, item) {
  const reason = model.revealed[item.id]?.explanations[NUMERIC];
  return reason ? fill(make("div", { class: "explanation" }), reason) : null;
}

/** Is there something to be sure of, or to clear?  @param {Model} model  @param {Item} item */
const isGiven = (model, item) => (item.kind === "numeric" ? typedIn(model, item.id).trim() !== "" : chosen(model, item.id).length > 0);

/** The margin: the takeaway, sources and status once revealed, and the note.  @param {Model} model  @param {Item} item  @param {Actions} actions */
function drawMargin(model, item, actions) {
  const shown = model.revealed[item.id];
  const note = /** @type {HTMLTextAreaElement} */ (part("note"));
  if (note.dataset.item !== item.id) {
    note.dataset.item = item.id;
    note.value = model.notes[item.id] ?? "";
    part("notes").hidden = !note.value && document.body.dataset.notes !== "open";
  }
  const revealed = part("revealed");
  revealed.replaceChildren();
  if (!shown) return;
  const takeaways = shown.takeaways.map(({ text }) => make("p", {}, text));
  if (takeaways.length) revealed.append(make("div", { class: "takeaway" }, make("h3", {}, say("takeaway")), ...takeaways));
  revealed.append(make("div", { class: "notes", id: "earlier-note" }));
  refreshEarlier(model, item);
  revealed.append(
    make(
      "div",
      { class: "sources" },
      shown.sources.length > 0 && make("h3", {}, say("sources")),
      shown.sources.length > 0 && make("ul", {}, ...shown.sources.map((source) => make("li", {}, ...linked(source)))),
      make("p", {}, say(`status_${shown.status}`)),
      !item.is_imported && make("p", {}, make("a", { href: libraryAddress(item), target: "_blank", rel: "noopener" }, say("in_library"))),
      make("p", {}, make("a", { href: errorAddress(model, item), target: "_blank", rel: "noopener" }, say("report_error"))),
    ),
  );
}

/** A source, with the addresses in it as links.  @param {string} text */
const linked = (text) =>
  text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:)])/).map((piece, n) => (n % 2 ? make("a", { href: piece, target: "_blank", rel: "noopener noreferrer" }, piece) : piece));

/** The page on which an error in the item is reported.  @param {Model} model  @param {Item} item */
const errorAddress = (model, item) => readBlock("player").error_url.replace("ID", model.id).replace("/0/", `/${item.position}/`);

/** The page of the library about what the item is about.  @param {Item} item */
const libraryAddress = (item) => readBlock("player").library_url.replace("ID", encodeURIComponent(item.id));

/** What was noted on the item elsewhere, beside its explanation.  @param {Model} model  @param {Item} item */
function refreshEarlier(model, item) {
  const place = document.getElementById("earlier-note");
  const text = model.earlier[item.id] ?? "";
  const isShown = text !== "" && text !== (model.notes[item.id] ?? "").trim();
  if (place && place.textContent !== (isShown ? `${say("earlier_note")}${text}` : "")) {
    place.replaceChildren(...(isShown ? [make("h3", {}, say("earlier_note")), make("p", { class: "text" }, text)] : []));
  }
}

/** What changes at each key without drawing the item anew, so that focus and selection stay.  @param {Model} model */
export function refreshItem(model) {
  const item = currentItem(model);
  const picked = chosen(model, item.id);
  for (const input of part("page").querySelectorAll("input[data-letter]")) {
    const box = /** @type {HTMLInputElement} */ (input);
    const row = /** @type {HTMLElement} */ (box.closest("li"));
    const isStruck = (model.struck[item.id] ?? []).includes(box.value);
    box.checked = picked.includes(box.value);
    row.classList.toggle("is-struck", isStruck);
    row.querySelector(".strike")?.setAttribute("aria-pressed", String(isStruck));
    row.querySelector(".struck-word")?.toggleAttribute("hidden", !isStruck);
  }
  const sureness = model.answers[item.id]?.confidence ?? model.sureness[item.id] ?? null;
  for (const element of part("page").querySelectorAll("[data-sureness]")) {
    const button = /** @type {HTMLButtonElement} */ (element);
    button.setAttribute("aria-pressed", String(button.dataset.sureness === sureness));
    button.disabled = !isGiven(model, item);
  }
  const clear = document.getElementById("clear");
  if (clear) clear.hidden = !isGiven(model, item);
  refreshNumber(model, item.id);
  refreshWhy(model, item.id);
  refreshEarlier(model, item);
  const name = document.getElementById("item-name");
  if (name) name.textContent = itemName(model, item);
}

/** The texts on the screen that can be marked, and where the offsets of each begin.  @returns {{root: HTMLElement, base: number}[]} */
export function markable() {
  const stimulus = document.getElementById("stimulus-text");
  const stem = { root: part("stem"), base: 0 };
  return stimulus ? [stem, { root: stimulus, base: STIMULUS_AT }] : [stem];
}

/** Only the marks.  @param {Model} model */
export function refreshMarks(model) {
  for (const { root } of markable()) {
    for (const wrap of root.querySelectorAll("mark")) wrap.replaceWith(...wrap.childNodes);
    root.normalize();
  }
  markAll(model);
}

/** Put the marks around what is on the screen; it holds none yet.  @param {Model} model */
function markAll(model) {
  const marks = marksOn(model, currentItem(model));
  for (const { root, base } of markable()) {
    const inside = marks.filter(([begin]) => (begin < STIMULUS_AT) === (base < STIMULUS_AT));
    mark(root, inside.map(([begin, end]) => [begin - base, end - base]));
  }
}
