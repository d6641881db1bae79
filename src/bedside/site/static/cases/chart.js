// @ts-check
// The chart: what came last, and six pages: notes, vital signs, laboratory, reports, treatment, the history at the start.

import { make, say } from "../js/words.js";
import { flagOf } from "./strip.js";

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const KIND = { note: "log_note", result: "log_result", exam: "log_exam", placed: "log_placed", started: "log_started", stopped: "log_stopped", refused: "log_refused", moved: "log_moved", ended: "log_ended" };
const PAGES = ["notes", "vitals", "labs", "reports", "treatment", "opening"];

/** @param {any} line */
const intervalOf = (line) => {
  const told = (/** @type {number} */ n) => n.toFixed(line.digits);
  if (line.low !== null && line.high !== null) return say("between", { low: told(line.low), high: told(line.high) });
  if (line.high !== null) return say("up_to", { high: told(line.high) });
  return line.low !== null ? say("from", { low: told(line.low) }) : "";
};

/** A unit that only says the name again is left out. @param {any} line */
const unitOf = (line) => (line.unit === line.name ? "" : line.unit);

/** @param {any} entry */
function titleOf(entry) {
  if (entry.kind === "exam" && entry.order === "history") return say("log_history");
  return say(/** @type {any} */ (KIND)[entry.kind]);
}

/** Numbers in a line, those outside first. @param {any[]} lines */
function inWords(lines) {
  const outside = lines.filter((line) => line.flag);
  if (!outside.length) return say("all_normal");
  return outside.map((line) => `${line.name} ${line.shown} ${unitOf(line)} ${say(`flag_${line.flag}_long`)}`).join("; ");
}

/** One entry of the log as plain text, for the screen reader. @param {any} entry */
export function entryText(entry) {
  const body = entry.kind === "ended" ? say(`end_${entry.text}`) : entry.lines ? inWords(entry.lines) : (entry.text ?? "");
  const name = entry.order === "history" ? "" : entry.name;
  return `${titleOf(entry)}${name ? ` ${name}` : ""}${body ? `: ${body}` : "."}`;
}

/** @param {any} line */
function lineItem(line) {
  const value = make("span", { class: line.flag ? "value is-out" : "value" }, line.shown, line.flag ? make("abbr", { class: "flag", title: say(`flag_${line.flag}_long`) }, say(`flag_${line.flag}`)) : null);
  return make("li", {}, make("span", { class: "what" }, line.name), " ", value, " ", make("span", { class: "unit" }, unitOf(line)));
}

/** @param {any} entry @param {import("./time.js").WallClock} wall @param {boolean} [isFull] with all numbers */
function logItem(entry, wall, isFull = true) {
  const body = [];
  if (entry.lines) body.push(isFull ? make("ul", { class: "numbers" }, ...entry.lines.map(lineItem)) : make("p", { class: "body" }, inWords(entry.lines)));
  else if (entry.kind === "ended") body.push(make("p", { class: "body" }, say(`end_${entry.text}`)));
  else if (entry.text) body.push(make("p", { class: "body" }, entry.text));
  const name = entry.order === "history" ? "" : entry.name;
  const head = make("p", { class: "line" }, make("time", {}, wall.short(entry.at_s)), " ", make("strong", {}, titleOf(entry)), name ? ` ${name}` : "");
  return make("li", { class: `is-${entry.kind}` }, head, ...body);
}

/** @param {HTMLElement[]} parts */
const orNothing = (parts) => (parts.length ? parts : [make("p", { class: "quiet" }, say("nothing_yet"))]);

/** What is signed with one press and begins with another is told once. @param {any[]} entries */
const worthTelling = (entries) => entries.filter((entry) => entry.kind !== "placed");

export class Chart {
  /** @param {import("./time.js").WallClock} wall */
  constructor(wall) {
    this.wall = wall;
    this.page = "notes";
    PAGES.forEach((name) => find(`tab-${name}`).addEventListener("click", () => this.open(name)));
    find("tabs").addEventListener("keydown", (event) => this.onKey(event));
  }

  /** @param {string | number} which name, or place from 1 */
  open(which, hasFocus = false) {
    this.page = typeof which === "number" ? PAGES[which - 1] : which;
    for (const name of PAGES) {
      const tab = find(`tab-${name}`);
      tab.setAttribute("aria-selected", String(name === this.page));
      tab.tabIndex = name === this.page ? 0 : -1;
      find(`panel-${name}`).hidden = name !== this.page;
    }
    if (hasFocus) find(`tab-${this.page}`).focus();
    this.scrollToNow();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const edge = { Home: 0, End: PAGES.length - 1 }[event.key];
    if (step === undefined && edge === undefined) return;
    event.preventDefault();
    const from = PAGES.indexOf(this.page);
    this.open((edge ?? (from + (step ?? 0) + PAGES.length) % PAGES.length) + 1, true);
  }

  /** @param {any} state @param {any[]} fresh entries since the last command */
  show(state, fresh) {
    const told = worthTelling(fresh);
    if (told.length || !state.log.length) {
      const items = told.map((entry) => logItem(entry, this.wall));
      find("news").replaceChildren(...(items.length ? items : [make("li", { class: "quiet" }, say("news_none"))]));
    }
    const notes = state.log.filter((/** @type {any} */ one) => ["note", "exam", "moved", "refused", "ended"].includes(one.kind));
    this.fill("notes", orNothing([make("ol", { class: "log" }, ...notes.reverse().map((/** @type {any} */ one) => logItem(one, this.wall)))].filter(() => notes.length)));
    this.fill("vitals", [this.vitalsTable(state.vitals)]);
    this.fill("labs", orNothing(this.labTables(state)));
    const reports = state.log.filter((/** @type {any} */ one) => one.kind === "result" && !one.lines);
    this.fill("reports", orNothing([make("ol", { class: "log" }, ...reports.reverse().map((/** @type {any} */ one) => logItem(one, this.wall)))].filter(() => reports.length)));
    this.fill("treatment", orNothing(this.treatmentTable(state)));
    this.scrollToNow();
  }

  /** @param {string} name @param {HTMLElement[]} parts */
  fill(name, parts) {
    find(`panel-${name}`).replaceChildren(...parts);
  }

  /** Trends run to the right: the newest column is in sight. */
  scrollToNow() {
    for (const part of document.querySelectorAll(".chart .scroll")) part.scrollLeft = part.scrollWidth;
  }

  /** @param {any} vitals */
  vitalsTable(vitals) {
    const heads = vitals.readings.map((/** @type {any} */ one) => make("th", { scope: "col", class: "number" }, this.wall.short(one.at_s)));
    const rows = vitals.signs.map((/** @type {any} */ sign, /** @type {number} */ n) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, say(`sign_${sign.id}`), make("span", { class: "unit" }, ` ${sign.unit}`)),
        make("td", { class: "interval" }, intervalOf(sign)),
        ...vitals.readings.map((/** @type {any} */ one) => valueCell(one.values[n].toFixed(sign.digits), flagOf(sign, one.values[n]))),
      ),
    );
    return trend(say("sign"), heads, rows, document.getElementById("tab-vitals")?.textContent ?? "");
  }

  /** One table: a row for each analyte, a column for each instant at which anything was reported. @param {any} state */
  labTables(state) {
    const results = state.log.filter((/** @type {any} */ one) => one.kind === "result" && one.lines);
    if (!results.length) return [];
    const times = [...new Set(results.map((/** @type {any} */ one) => one.at_s))];
    /** @type {Map<string, {line: any, at: Map<number, any>}>} */
    const rows = new Map();
    for (const result of results) {
      for (const line of result.lines) {
        if (!rows.has(line.analyte)) rows.set(line.analyte, { line, at: new Map() });
        rows.get(line.analyte)?.at.set(result.at_s, line);
      }
    }
    const heads = times.map((at_s) => make("th", { scope: "col", class: "number" }, this.wall.short(/** @type {number} */ (at_s))));
    const body = [...rows.values()].map(({ line, at }) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, line.name, make("span", { class: "unit" }, ` ${unitOf(line)}`)),
        make("td", { class: "interval" }, intervalOf(line)),
        ...times.map((at_s) => {
          const found = at.get(/** @type {number} */ (at_s));
          return found ? valueCell(found.shown, { H: "high", L: "low" }[/** @type {"H" | "L"} */ (found.flag)] ?? "") : make("td", {});
        }),
      ),
    );
    return [trend(say("analyte"), heads, body, document.getElementById("tab-labs")?.textContent ?? "")];
  }

  /** @param {any} state */
  treatmentTable(state) {
    /** @type {Map<number, any>} */
    const begun = new Map();
    for (const entry of state.log) {
      if (entry.kind === "started") begun.set(entry.number, { name: entry.name, from: entry.at_s, to: null });
      else if (entry.kind === "stopped" && begun.has(entry.number)) begun.get(entry.number).to = entry.at_s;
    }
    if (!begun.size) return [];
    const running = new Set(state.orders.filter((/** @type {any} */ one) => one.stage === "running").map((/** @type {any} */ one) => one.number));
    const rows = [...begun].map(([number, one]) => {
      const end = one.to !== null ? this.wall.short(one.to) : say(running.has(number) ? "still" : "given");
      return make("tr", {}, make("th", { scope: "row" }, one.name), make("td", {}, this.wall.short(one.from)), make("td", {}, end));
    });
    const head = make("thead", {}, make("tr", {}, ...["treatment", "begun", "ended"].map((name) => make("th", { scope: "col" }, say(name)))));
    return [make("table", { class: "wide" }, head, make("tbody", {}, ...rows))];
  }
}

/** @param {string} shown @param {string} flag "high", "low" or "" */
const valueCell = (shown, flag) =>
  make("td", { class: flag ? "number is-out" : "number" }, shown, flag ? make("abbr", { class: "flag", title: say(flag) }, say(flag === "high" ? "flag_H" : "flag_L")) : null);

/** @param {string} what @param {HTMLElement[]} heads @param {HTMLElement[]} rows @param {string} caption */
function trend(what, heads, rows, caption) {
  const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, what), make("th", { scope: "col" }, say("interval")), ...heads));
  const table = make("table", { class: "trend" }, make("caption", { class: "unseen" }, caption), head, make("tbody", {}, ...rows));
  return make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption }, table);
}
