// @ts-check
// A case as it is played: the state comes from the server with each answer, and this page sends what the candidate does.

import { call } from "../js/player/net.js";
import { takesText } from "../js/shell.js";
import { readBlock, say } from "../js/words.js";
import { Chart, entryText } from "./chart.js";
import { askMoment, askParts, askPlace, askStop, askTime, dueBy, stoppable } from "./dialogs.js";
import { keep, newest } from "./kept.js";
import { focusBox, OrderBox } from "./orders.js";
import { Queue } from "./queue.js";
import { Sat } from "./sat.js";
import { showOrders } from "./standing.js";
import { alarmsOf, RealClock, showStrip } from "./strip.js";
import { WallClock } from "./time.js";

const CHORD_MS = 1500; // of `g` and the letter of a page
const AGAIN_MS = 5000;
const MOST_MOMENTS = 60;
const LAST = 4; // entries that are shown again when the page is loaded anew

const player = readBlock("player");
const known = newest(readBlock("state"));
let { state } = known;
let isOld = known.isOld || document.documentElement.hasAttribute("data-kept"); // the server has not been heard since this page was loaded
const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const wall = new WallClock(state.start_clock);
const chart = new Chart(wall);
let seen = state.log.at(-1)?.n ?? -1;
let isFinishing = false; // final orders in practice, of which the server knows nothing
let chordSince = -Infinity;

// --- what is said

/** @param {string} text @param {"said" | "alarm"} [where] */
function announce(text, where = "said") {
  const place = find(where);
  place.textContent = "";
  setTimeout(() => (place.textContent = text), 50); // a change that a screen reader notices, also of the same words
}

/** @param {string} text */
function tell(text) {
  const note = find("told");
  note.textContent = text;
  note.hidden = !text;
  if (text) announce(text);
}

// --- the server

const queue = new Queue(player.api, state.id, state.last_seq, {
  taken: take,
  dropped(reason, gone) {
    const what = gone.map((one) => one.command.order ?? one.command.do).join(", ");
    tell(`${say(reason)} ${say("dropped", { text: what })}`);
  },
  failed: (text) => tell(text ? say("refused", { text }) : say("went_on")),
  changed: showKept,
  superseded: showTaken,
});

const sat = player.sitting ? new Sat(player, state, { reread: () => void reread(), tell }) : null;
if (sat) queue.more = () => sat.take();

const clock = new RealClock(
  (n) => announce(say("minutes_left", { n }), "alarm"),
  () => void reread(),
);

/** @param {any[]} commands @param {string[]} [typed] */
function send(commands, typed) {
  tell("");
  queue.push(commands, clock.spent_ms, typed);
}

function showKept() {
  const n = queue.waiting.length;
  const isCut = queue.isFailing && n > 0;
  find("waiting").hidden = !isCut && !isOld;
  if (isOld && !isCut) find("waiting").textContent = say("as_last_known");
  if (isCut) {
    const text = queue.isSignedOut ? say("signed_out", { n }) : say(n === 1 ? "waiting_one" : "waiting_other", { n }) + (queue.isKept ? "" : ` ${say("not_kept")}`);
    if (find("waiting").textContent !== text) announce(text);
    find("waiting").textContent = text;
  }
  find("kept").textContent = isCut || isOld ? "" : say(n ? "sending" : "all_kept");
  find("case").setAttribute("aria-busy", String(n > 0 && !isCut));
}

async function reread() {
  try {
    take(await call("GET", player.api));
  } catch (error) {
    if (sat?.left(error)) return;
    setTimeout(() => void reread(), AGAIN_MS); // without network the page waits to hear how it stands
  }
}

/** @param {any} fresh the run as it stands now */
function take(fresh) {
  const before = state;
  const entries = fresh.log.filter((/** @type {any} */ one) => one.n > seen);
  seen = fresh.log.at(-1)?.n ?? -1;
  state = fresh;
  if (state.phase === "suspended") sat?.leave();
  isOld = false;
  keep(state);
  show(entries);
  speak(entries, before);
}

/** @param {any[]} entries @param {any} before */
function speak(entries, before) {
  const urgent = entries.filter((one) => one.kind === "note" || one.kind === "ended").map(entryText);
  const known = new Set(alarmsOf(before.vitals).map(withoutNumber));
  urgent.push(...alarmsOf(state.vitals).filter((text) => !known.has(withoutNumber(text))));
  if (urgent.length) announce(urgent.join(" "), "alarm");
  const calm = entries.filter((one) => ["result", "exam", "started", "stopped", "refused", "moved"].includes(one.kind)).map(entryText);
  const placed = entries.filter((one) => one.kind === "placed").map((one) => one.name);
  if (placed.length) calm.unshift(say("signed", { names: placed.join("; ") }));
  if (state.now_s !== before.now_s) calm.push(say("called", { at: wall.long(state.now_s) }));
  if (calm.length) announce(calm.join(" "));
}

const withoutNumber = (/** @type {string} */ text) => text.replace(/[\d.]+/g, "");

// --- what is shown

/** @param {any[]} entries */
function show(entries) {
  const isOver = state.phase === "ended";
  const isClosing = !isOver && (state.phase === "closing" || isFinishing);
  find("case").dataset.phase = isOver ? "ended" : isClosing ? "closing" : "open";
  showStrip(state, wall, player.places);
  clock.take(state);
  chart.show(state, entries);
  showOrders(state, wall, (order) => send([{ do: "cancel", order }]), stoppable(state));
  const next = dueBy(state, Infinity).sort((/** @type {any} */ a, /** @type {any} */ b) => a.due_s - b.due_s)[0];
  find("next-says").textContent = isClosing ? "" : next ? say("next_is", { name: next.name, at: wall.short(next.due_s) }) : say("next_none");
  for (const button of document.querySelectorAll("[data-clock]")) /** @type {HTMLButtonElement} */ (button).disabled = isClosing || isOver;
  find("do-undo").hidden = state.mode !== "practice";
  const wasClosing = !find("closing").hidden;
  find("closing").hidden = !isClosing;
  find("reopen").hidden = state.mode !== "practice";
  if (isClosing && !wasClosing) find("closing-name").focus();
  if (isOver) showEnd();
  showKept();
}

function showEnd() {
  delete find("begin").dataset.enter;
  for (const dialog of document.querySelectorAll("dialog:modal")) /** @type {HTMLDialogElement} */ (dialog).close();
  find("opening").hidden = true;
  find("work").hidden = true;
  find("over").hidden = false;
  find("over-why").textContent = say(`end_${state.end_reason}`);
  /** @type {HTMLAnchorElement} */ (find("to-debrief")).href = player.debrief_url;
  find("to-debrief").dataset.enter = "";
  find("over-name").focus();
}

/** Another tab or computer has the sitting that this case is part of: nothing more is done here. */
function showTaken() {
  for (const dialog of document.querySelectorAll("dialog:modal")) /** @type {HTMLDialogElement} */ (dialog).close();
  find("opening").hidden = true;
  find("work").hidden = true;
  find("taken").hidden = false;
  find("here").dataset.enter = "";
  find("taken-name").focus();
}

function begin() {
  delete find("begin").dataset.enter;
  find("opening").hidden = true;
  find("work").hidden = false;
  focusBox();
}

// --- what is done

const orders = new OrderBox(
  player.api,
  (items) => {
    const commands = items.map(({ order, urgency, mode, dose, in_s, is_examination }) =>
      is_examination ? { do: "exam", part: order.replace(/^exam_/, "") } : { do: "order", order, urgency, mode: mode || null, dose, in_s },
    );
    send(commands, items.map((item) => item.typed));
  },
  announce,
);

async function finish() {
  if (state.mode === "practice") {
    isFinishing = true;
    show([]);
    return;
  }
  if (queue.waiting.length) {
    tell(say("needs_network"));
    return;
  }
  try {
    take((await call("POST", `${player.api}/close`, await sat?.take())).state);
  } catch {
    tell(say("needs_network"));
  }
}

function undo() {
  const moments = state.steps.map((/** @type {any} */ one, /** @type {number} */ n) => ({ after: n, text: say("undo_to", { what: say(`did_${one.do}`, { what: one.name }), at: wall.short(one.at_s) }) }));
  if (!moments.length) {
    tell(say("no_undo"));
    return;
  }
  askMoment(moments.reverse().slice(0, MOST_MOMENTS), async (after) => {
    try {
      const made = await call("POST", `${player.api}/fork`, { after });
      location.assign(player.play_url.replace("ID", made.id));
    } catch (error) {
      tell(error instanceof Error && !error.message.startsWith("status") && "code" in error ? say("refused", { text: error.message }) : say("needs_network"));
    }
  });
}

/** @type {Record<string, () => void>} */
const DOES = {
  examine: () => askParts(state, (parts) => send(parts.map((part) => ({ do: "exam", part })))),
  history: () => send([{ do: "history" }]),
  next: () => (dueBy(state, Infinity).length ? send([{ do: "advance_to_result" }]) : tell(say("next_none"))),
  time: () => askTime(state, wall, (seconds) => send([{ do: "advance", seconds }])),
  wait: () => send([{ do: "advance_until_called" }]),
  move: () => askPlace(state, (to) => send([{ do: "move", to }])),
  stop: () => void (askStop(state, (ids) => send(ids.map((order) => ({ do: "cancel", order })))) || tell(say("stop_none"))),
  undo,
  finish: () => void finish(),
};
/** @type {Record<string, string>} */
const LETTERS = { e: "examine", h: "history", n: "next", t: "time", w: "wait", l: "move", x: "stop", u: "undo", f: "finish" };

/** @param {string} what */
function does(what) {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(`[data-does=${what}]`));
  if (button && !button.disabled && !button.hidden && !find("work").hidden) DOES[what]();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (document.querySelector("dialog:modal") || find("work").hidden) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    orders.enter("sign");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || takesText(event.target) || !player.letters) return;
  const isChord = event.timeStamp - chordSince < CHORD_MS;
  chordSince = event.key === "g" ? event.timeStamp : -Infinity;
  if (isChord || event.key === "?" || event.key === "g") return;
  if (event.key === "/") focusBox();
  else if (event.key === "r") find("news-part").focus();
  else if (/^[1-6]$/.test(event.key)) chart.open(Number(event.key), true);
  else if (LETTERS[event.key]) does(LETTERS[event.key]);
  else return;
  event.preventDefault();
}

// before the shell's own keys, of which `t` is one
document.addEventListener("keydown", onKey, true);
for (const button of document.querySelectorAll("[data-does]")) button.addEventListener("click", () => does(/** @type {HTMLElement} */ (button).dataset.does ?? ""));
find("begin").addEventListener("click", begin);
find("finish").addEventListener("click", () => send([{ do: "end", diagnosis: /** @type {HTMLInputElement} */ (find("diagnosis")).value.trim() || null }]));
find("diagnosis").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.ctrlKey) find("finish").click();
});
find("here").addEventListener("click", () => location.reload());
find("reopen").addEventListener("click", () => {
  isFinishing = false;
  show([]);
  focusBox();
});

if (isOld) void reread();
else keep(state);
// loaded before there was a worker: it keeps the page now
// it may have taken this page over since it was loaded: what counts is whether the page came through it
const loading = /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType("navigation")[0]);
if (!loading?.workerStart) void navigator.serviceWorker?.ready.then(({ active }) => active?.postMessage({ keep: location.pathname }));
show(state.log.slice(-LAST));
if (state.phase === "ended") showEnd();
else if (state.last_seq || state.phase === "closing") begin();
else find("opening").hidden = false;
queue.wake();
