// @ts-check
// The order box with its search, and the basket that is signed.

import { make, say } from "../js/words.js";
import { span } from "./time.js";

const WAIT_MS = 120;
const LATER = [0, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 12 * 3600, 86_400, 3 * 86_400, 7 * 86_400, 14 * 86_400, 28 * 86_400, 84 * 86_400];

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const box = /** @type {HTMLInputElement} */ (find("box"));
const list = find("hits");

/** @typedef {{order: string, shown: string, modes: string[], doses: string[], is_examination: boolean, urgency: string, mode: string, dose: string, in_s: number, typed: string}} Item */

export class OrderBox {
  /** @type {any[]} */ pieces = [];
  /** @type {any[]} */ hits = [];
  /** @type {Item[]} */ basket = [];
  active = -1;
  answered = ""; // the text to which the pieces belong
  wantsTo = ""; // "take" or "sign", once the answer is there
  /** @type {AbortController | null} */ running = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer = undefined;

  /** @param {string} api @param {(items: Item[]) => void} sign @param {(text: string) => void} tell */
  constructor(api, sign, tell) {
    this.api = api;
    this.sign = sign;
    this.tell = tell;
    box.addEventListener("input", () => this.typed());
    box.addEventListener("keydown", (event) => this.onKey(event));
    find("order-form").addEventListener("submit", (event) => event.preventDefault());
    find("sign").addEventListener("click", () => this.signAll());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
    list.addEventListener("click", (event) => this.onClick(event));
  }

  typed() {
    clearTimeout(this.timer);
    this.running?.abort();
    this.wantsTo = "";
    if (!box.value.trim()) this.clear();
    else this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    const text = box.value;
    this.running?.abort();
    this.running = new AbortController();
    const { signal } = this.running;
    try {
      const answer = await fetch(`${this.api}/orders?q=${encodeURIComponent(text)}`, { signal, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (box.value !== text) return; // stale: more was typed since
      if (!answer.ok) throw new Error(told.detail);
      this.answered = text;
      this.pieces = told.pieces;
      this.show();
      this.goOn();
    } catch {
      if (signal.aborted) return;
      this.wantsTo = "";
      this.hide();
      this.say(say(navigator.onLine ? "search_failed" : "search_offline"));
    }
  }

  goOn() {
    const wanted = this.wantsTo;
    this.wantsTo = "";
    if (wanted) this.take();
    if (wanted === "sign") this.signAll();
  }

  show() {
    const last = this.pieces.at(-1);
    this.hits = last ? last.hits : [];
    this.active = this.hits.findIndex((hit) => hit.order === last.preselected);
    list.replaceChildren(...this.hits.map((hit, n) => this.option(hit, n)));
    list.hidden = !this.hits.length;
    box.setAttribute("aria-expanded", String(this.hits.length > 0));
    this.point();
    const chosen = this.hits[this.active];
    const found = !this.hits.length ? "" : chosen ? say("hits", { n: this.hits.length, name: chosen.shown }) : say("hits_none_taken", { n: this.hits.length });
    this.say([last?.said, found].filter(Boolean).join(" "));
  }

  /** @param {any} hit @param {number} n */
  option(hit, n) {
    const times = hit.report_s === null ? "" : hit.stat_s < hit.report_s ? say("report_stat", { span: say("report_in", { span: span(hit.report_s) }), stat: span(hit.stat_s) }) : say("report_in", { span: span(hit.report_s) });
    const said = [hit.is_examination ? say("examination") : !hit.is_usable ? say("not_here") : times, hit.is_guess ? say("guess") : ""].filter(Boolean).join("; ");
    const is_out = !hit.is_usable && !hit.is_examination;
    return make("li", { role: "option", id: `hit-${n}`, "data-n": n, "aria-selected": "false", "aria-disabled": is_out ? "true" : null }, make("span", {}, hit.shown), " ", make("span", { class: "quiet" }, said));
  }

  point() {
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === this.active)));
    if (this.active >= 0) {
      box.setAttribute("aria-activedescendant", `hit-${this.active}`);
      list.children[this.active].scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.hits.length) {
      event.preventDefault();
      this.active = (Math.max(this.active, step > 0 ? -1 : 0) + step + this.hits.length) % this.hits.length;
      this.point();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.enter("take");
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (box.value) this.empty();
      else box.blur();
    }
  }

  /** Take what is chosen, now or as soon as the search has answered. @param {string} what */
  enter(what) {
    if (!box.value.trim()) {
      if (what === "sign") this.signAll();
      else if (this.basket.length) find("sign").focus();
      return;
    }
    this.wantsTo = what;
    if (this.answered === box.value) this.goOn();
    else {
      clearTimeout(this.timer);
      void this.ask();
    }
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const option = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("[data-n]"));
    if (!option) return;
    this.active = Number(option.dataset.n);
    this.take();
    box.focus();
  }

  /** Put into the basket what is clear; what is not stays in the box. */
  take() {
    const left = [];
    const names = [];
    for (const [n, piece] of this.pieces.entries()) {
      const isLast = n === this.pieces.length - 1;
      const wanted = isLast && this.active >= 0 ? this.hits[this.active].order : piece.preselected;
      const hit = piece.hits.find((/** @type {any} */ one) => one.order === wanted);
      if (!hit || (!hit.is_usable && !hit.is_examination)) left.push(piece.text);
      else {
        this.add(hit, piece);
        names.push(hit.shown);
      }
    }
    if (names.length) this.tell(say("added", { name: names.join(", ") }));
    if (left.length === this.pieces.length) {
      this.tell(find("found").textContent ?? "");
      return;
    }
    box.value = left.join(", ");
    if (left.length) this.typed();
    else this.clear();
    if (left.length) this.say(say("left_over", { text: left.join(", ") }));
  }

  /** @param {any} hit @param {any} piece */
  add(hit, piece) {
    if (!this.basket.some((item) => item.order === hit.order)) {
      const { order, shown, modes, doses, is_examination } = hit;
      this.basket.push({ order, shown, modes, doses, is_examination, urgency: piece.urgency ?? "routine", mode: "", dose: "usual", in_s: 0, typed: piece.text.slice(0, 200) });
    }
    this.showBasket();
  }

  /** What the server does not know in any tab is not ordered twice: the basket is emptied by signing alone. */
  signAll() {
    if (box.value.trim() && this.answered === box.value && this.pieces.every((piece) => piece.preselected)) this.take();
    if (!this.basket.length) {
      this.tell(say("basket_empty"));
      return;
    }
    const items = this.basket;
    if (find("basket").contains(document.activeElement)) box.focus(); // what has the focus is about to go
    this.basket = [];
    this.showBasket();
    this.sign(items);
  }

  showBasket() {
    find("basket").hidden = !this.basket.length;
    find("basket-list").replaceChildren(...this.basket.map((item) => this.row(item)));
  }

  /** @param {Item} item */
  row(item) {
    const remove = make("button", { type: "button", class: "plain", "aria-label": `${say("remove")}: ${item.shown}`, onclick: () => this.remove(item) }, say("remove"));
    if (item.is_examination) return make("li", {}, make("span", { class: "name" }, item.shown), make("span", { class: "quiet" }, say("examination")), remove);
    const urgency = chooser(say("urgency_of", { name: item.shown }), [["routine", say("routine")], ["stat", say("stat")]], item.urgency, (value) => (item.urgency = value));
    const modes = /** @type {[string, string][]} */ (item.modes.map((mode, n) => [n ? mode : "", say(mode)]));
    const mode = item.modes.length > 1 ? chooser(say("mode_of", { name: item.shown }), modes, item.mode, (value) => (item.mode = value)) : null;
    const doses = /** @type {[string, string][]} */ (item.doses.map((dose) => [dose, say(`dose_${dose}`)]));
    const dose = doses.length ? chooser(say("dose_of", { name: item.shown }), doses, item.dose, (value) => (item.dose = value)) : null;
    const spans = /** @type {[string, string][]} */ (LATER.map((in_s) => [String(in_s), in_s ? say("in_span", { span: span(in_s) }) : say("at_once")]));
    const when = chooser(say("when_of", { name: item.shown }), spans, String(item.in_s), (value) => (item.in_s = Number(value)));
    return make("li", {}, make("span", { class: "name" }, item.shown), urgency, mode, dose, when, remove);
  }

  /** @param {Item} item */
  remove(item) {
    this.basket = this.basket.filter((one) => one !== item);
    this.showBasket();
    this.tell(say("removed", { name: item.shown }));
    box.focus();
  }

  empty() {
    box.value = "";
    this.typed();
  }

  clear() {
    this.pieces = [];
    this.answered = "";
    this.hide();
    this.say("");
  }

  hide() {
    this.hits = [];
    this.active = -1;
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  /** @param {string} text */
  say(text) {
    find("found").textContent = text;
  }
}

/** @param {string} name @param {[string, string][]} options @param {string} value @param {(value: string) => void} chosen */
function chooser(name, options, value, chosen) {
  const items = options.map(([key, text]) => make("option", { value: key, selected: key === value }, text));
  return make("select", { "aria-label": name, onchange: (/** @type {Event} */ event) => chosen(/** @type {HTMLSelectElement} */ (event.target).value) }, ...items);
}

export const focusBox = () => box.focus();
