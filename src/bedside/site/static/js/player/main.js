// @ts-check
// The player: puts the session, the screens and the keys together. The rules live elsewhere.

import { readBlock, say } from "../words.js";
import { toggleKeys } from "../shell.js";
import { makeActions } from "./actions.js";
import { asClock } from "./clock.js";
import { saveCopy } from "./copy.js";
import { BETWEEN } from "./day.js";
import { openFocusedPicture, setUpPictures, toggleSound } from "./exhibits.js";
import { Timer, drawBars, drawDay, drawRail, drawSaved } from "./frame.js";
import { listenToKeys } from "./keyboard.js";
import { counts, currentIndex, currentItem, isDay, isForwardOnly, marksOn, mayEndEarly, nextBlock, openCase } from "./model.js";
import { Refused } from "./net.js";
import { announce, notice, openMessages, putAwayLast, showMessages, takeAway, tell } from "./notices.js";
import { bankLeft, drawBreak, drawCounts, drawPaused, drawSuspended, drawTutorial, drawVoided } from "./pauses.js";
import { listenToProctor } from "./pulse.js";
import { blockList, drawEnded, drawIntro, drawOpening, drawReview, drawTaken, drawTrouble, setAlone } from "./screens.js";
import { dayUp, pauseUp, timeUp } from "./runout.js";
import { Session } from "./session.js";
import { setUpDisplay, settings, wear } from "./settings.js";
import { fetchAnalytes, offerSentences, setUpTools, toggleBeside } from "./tools.js";
import { drawItem, part, refreshItem, toggleStimulus } from "./view.js";

/** @typedef {import("./model.js").Model} Model */

const player = readBlock("player");
const ID = location.pathname.split("/").filter(Boolean).pop() ?? "";
const REPORT = player.report_url.replace("ID", ID);

/** @type {"item" | "review"} */
let screen = "item";
let drawn = ""; // what the page shows now, so that it is drawn anew only when that changes
let byClock = false; // the last block was closed by its clock
let sheet = -1; // of the tutorial, where it is open
let isLeaving = false;

/** @type {Session} */
const session = new Session(ID, {
  changed: () => draw(),
  saved: ({ waiting, isFailing }) => onSaved(waiting, isFailing),
  revealed: (items) => onRevealed(items),
  refused: (reasons) => onRefused(reasons),
  granted: (ms) => tell("granted", say("granted", { clock: asClock(ms) })),
  taken: (where) => drawTaken(where, session.waiting),
  trouble: (text) => tell("trouble", text === "not_kept" ? say("not_kept") : say("not_taken", { why: text })),
});

const actions = makeActions(session, {
  now: () => screen,
  show: (name) => show(name),
  turnTo: (name) => {
    screen = name;
  },
  announce,
  confirmEnd,
  confirmMoveOn,
  offerSentences: () => offerSentences(actions, sentencesNow(session.model)),
});

const timer = new Timer(session, {
  warn: (text) => tell("time", text),
  onEnd: () => {
    byClock = true;
    void timeUp(session);
  },
  onPauseEnd: () => void pauseUp(session),
  onDayEnd: () => void dayUp(session),
  drawCounts: () => drawCounts(session.clock, session.model),
});

/** @param {"item" | "review"} name */
function show(name) {
  screen = name;
  drawn = "";
  draw();
}

/** @param {Model} model */
function sentencesNow(model) {
  const item = currentItem(model);
  const shared = model.sets[item.set?.id ?? ""]?.title || say("stimulus");
  return { marked: marksOn(model, item), item: say("item_of", { n: currentIndex(model) + 1, of: model.items.length }), shared };
}

// --- drawing ---------------------------------------------------------------------------------------------------------

function draw() {
  const { model } = session;
  if (session.isTaken || !model) return;
  wear(model.settings);
  showMessages(session);
  if (document.body.dataset.phase !== model.phase) onPhase(model.phase);
  if (openCase(model) && !session.isFailing && !session.waiting) return toCase();
  if (model.phase === "in_block" && model.items.length) {
    setAlone(false);
    drawDay(model);
    drawRail(model, screen, actions.goTo);
    drawBars(model, screen);
    drawScreen();
  } else drawAlone(model);
}

/** A case has a page of its own, which takes the sitting over and leads back here. */
function toCase() {
  if (isLeaving) return;
  isLeaving = true;
  location.replace(player.case_url.replace("ID", ID));
}

/** @param {string} phase that the sitting has come to */
function onPhase(phase) {
  document.body.dataset.phase = phase;
  if (phase === "in_block") byClock = false;
  else takeAway("time");
  takeAway("place");
  screen = "item";
  drawn = "";
  for (const dialog of document.querySelectorAll(/** @type {"dialog"} */ ("#end[open], #move-on[open], #picture[open], #sentences[open]"))) dialog.close();
}

/** The screens without an item, each drawn once until something in it changes.  @param {Model} model */
function drawAlone(model) {
  const { waiting, isFailing } = session;
  if (["finished", "time_up"].includes(model.phase)) {
    drawEnded(model, { byClock: byClock || model.phase === "time_up", waiting, isFailing, report: REPORT, receipt: `${session.path}/receipt` });
    return;
  }
  const isOpening = model.phase === "in_block" || model.opening !== null;
  const shows = [model.phase, nextBlock(model), sheet, model.reason, isOpening && `opening ${isFailing}`].join(" ");
  if (shows === drawn) return;
  drawn = shows;
  drawPause(model, isOpening);
  timer.refresh();
  scrollTo(0, 0);
}

/** @param {Model} model  @param {boolean} isOpening */
function drawPause(model, isOpening) {
  const isBeforeFirst = BETWEEN.includes(model.phase) && nextBlock(model) === 1;
  if (model.phase === "voided") drawVoided(model);
  else if (model.phase === "suspended") drawSuspended(model);
  else if (model.phase === "paused") drawPaused(model, () => void actions.pause());
  else if (isOpening) drawOpening(session.isFailing);
  else if (sheet >= 0 || (isBeforeFirst && (model.tutorial_ms ?? 0) > 0)) learn(Math.max(0, sheet));
  else if (model.phase === "created") drawIntro(model, { begin, learn: () => turn(0), isKept: session.store.isKept });
  else drawBreak(model, { byClock, fixed: session.clock.left("fixed") !== null, open, pause: () => void actions.pause() });
}

/** @param {number} at the sheet of the tutorial; below 0 closes it */
function turn(at) {
  sheet = at;
  draw();
}

/** @param {number} at */
function learn(at) {
  const isTimed = session.model.phase !== "created";
  drawTutorial(at, session.model, { turn, done: isTimed ? open : () => turn(-1), isTimed });
}

function drawScreen() {
  const { model } = session;
  const item = currentItem(model);
  const isShown = item.id in model.answers && model.mode === "tutor";
  const shows = screen === "review" ? "review" : `${item.id} ${isShown} ${item.id in model.revealed} ${Boolean(model.left[item.id])}`;
  if (shows === drawn) {
    if (screen === "item") refreshItem(model);
    return;
  }
  const isSameItem = drawn.startsWith(`${item.id} `);
  if (!isSameItem) takeAway("place");
  drawn = shows;
  if (screen === "review") drawReview(model, actions.goTo);
  else drawItem(model, actions);
  // an explanation may come while somebody writes a note; their letters would become the page's keys
  const isWriting = isSameItem && document.activeElement?.closest("#notes");
  if (screen === "item" && !isWriting) document.getElementById("item-name")?.focus({ preventScroll: isSameItem });
  if (!isSameItem) scrollTo(0, 0);
}

// --- going on --------------------------------------------------------------------------------------------------------

/** From the first page: into the tutorial where there is one, else into block 1. */
async function begin() {
  /** @type {HTMLButtonElement} */ (part("go")).disabled = true;
  const hasTutorial = (session.model.tutorial_ms ?? 0) > 0;
  if (session.model.phase === "created") await session.record("started");
  if (!hasTutorial) await open();
}

async function open() {
  sheet = -1;
  if (session.model.opening !== null) return;
  await session.record("block_opened", { block: nextBlock(session.model) });
  announce(say("opening"));
}

/** @param {string[]} items */
function onRevealed(items) {
  const { model } = session;
  if (screen !== "item" || !model.items.length || !items.includes(currentItem(model).id)) return;
  const verdict = document.getElementById("verdict");
  if (verdict?.textContent && !settings.reader_safe) announce(verdict.textContent);
}

/** @param {string[]} reasons by which the server's rules said no; the page then shows what stands there */
function onRefused(reasons) {
  const name = `refused_${reasons[0]}`;
  const why = say(name);
  tell("refused", say("refused", { n: reasons.length, why: why === name ? reasons[0] : why }));
}

/** @param {number} waiting  @param {boolean} isFailing */
function onSaved(waiting, isFailing) {
  drawSaved({ waiting, isFailing, isKept: session.store?.isKept ?? true });
  const verdict = document.querySelector("#verdict[data-open]");
  if (verdict && isFailing) verdict.textContent = say("explanation_later");
  const { model } = session;
  if (!model) return;
  if (model.phase === "voided" && waiting === 0 && !isFailing) void session.forget();
  if (model.phase !== "finished") {
    if (model.opening !== null || openCase(model)) draw();
    return;
  }
  draw();
  if (waiting > 0 || isFailing || isLeaving) return;
  isLeaving = true;
  const isWhole = isDay(model); // its last page has the receipt to be taken along
  void session.forget().then(() => isWhole || location.replace(REPORT));
}

function confirmEnd() {
  const { model } = session;
  if (!mayEndEarly(model)) return announce(say("rule_no_early_end"));
  const { open: without, flagged, hidden } = counts(model);
  const lines = { "end-open": ["end_open", without], "end-hidden": ["end_hidden", hidden], "end-flagged": ["end_flagged", flagged] };
  for (const [id, [name, n]] of Object.entries(lines)) {
    part(id).textContent = say(String(name), { n });
    part(id).hidden = n === 0;
  }
  part("end-after").textContent = say(model.block === model.blocks.length ? "end_after" : "end_after_block");
  const dialog = /** @type {HTMLDialogElement} */ (part("end"));
  if (dialog.open) return undefined;
  dialog.showModal();
  part(without ? "end-no" : "end-yes").focus();
  return undefined;
}

/** Going on locks the item: said once more before it does.  @param {import("./model.js").Item} item */
function confirmMoveOn(item) {
  const { model } = session;
  const isOpen = !(item.id in model.answers);
  if (isForwardOnly(model) && item.set?.kind !== "sequential" && !isOpen) return void actions.moveOn();
  const place = { n: item.set?.n ?? currentIndex(model) + 1, of: item.set?.of ?? model.items.length };
  part("move-on-what").textContent = say(item.set?.kind === "sequential" ? "move_on_part" : "move_on_item", place);
  part("move-on-open").hidden = !isOpen;
  const dialog = /** @type {HTMLDialogElement} */ (part("move-on"));
  if (dialog.open) return;
  dialog.showModal();
  part(isOpen ? "move-on-no" : "move-on-yes").focus();
}

// --- what is there on every screen -----------------------------------------------------------------------------------

async function saveToFile() {
  const n = await saveCopy(ID, session.store);
  notice("copy", say(n ? "copy_made" : "copy_empty", { n }));
  announce(say(n ? "copy_made" : "copy_empty", { n }));
}

/** Where the sitting stands, in words, when asked. */
function sayPlace() {
  const { model, clock, waiting } = session;
  const { answered, items, flagged } = counts(model);
  const remaining = clock.remaining();
  const bank = BETWEEN.includes(model.phase) ? bankLeft(clock, model) : null;
  const parts = [
    part("which").hidden ? "" : part("which").textContent,
    part("place").textContent,
    items && say("place_items", { answered, of: items, flagged }),
    remaining !== null && say("place_time", { clock: asClock(remaining) }),
    bank !== null && say(model.isTotal ? "place_time" : "place_break", { clock: asClock(bank) }),
    waiting ? say("to_send", { n: waiting }) : say("all_saved"),
    ...[...part("notices").querySelectorAll("li:not([data-name=place]) > span")].map((line) => line.textContent),
  ];
  const text = parts.filter(Boolean).join(". ");
  notice("place", text);
  announce(text);
  timer.refresh();
}

function toggleClock() {
  if (settings.reader_safe) return void actions.afterAll(sayPlace);
  void actions.set({ hides_clock: !settings.hides_clock }).then(() => timer.refresh());
  return undefined;
}

function openDay() {
  part("day-list").replaceChildren(blockList(session.model));
  const { model } = session;
  const bank = bankLeft(session.clock, model);
  part("day-bank").textContent = model.isTotal ? say("total_how") : bank === null ? say("break_free") : say("bank_holds", { clock: asClock(bank) });
  toggleBeside("day");
}

/** @returns {"item" | "review" | "alone"} */
const place = () => (document.body.dataset.screen === "work" ? screen : "alone");

function wire() {
  const tools = setUpTools(actions);
  const ready = (/** @type {() => unknown} */ verb) => () => (session.model ? verb() : undefined);
  const verbs = {
    ...actions, ...tools, picture: openFocusedPicture, sound: () => toggleSound(), stimulus: toggleStimulus, keys: toggleKeys,
    copy: () => session.store && saveToFile(), place: ready(() => actions.afterAll(sayPlace)), clock: toggleClock, day: ready(openDay),
    messages: ready(() => openMessages(session.model.messages)),
  };
  listenToKeys({ actions, verbs: /** @type {any} */ (verbs), place, putAway: putAwayLast });
  for (const button of document.querySelectorAll(/** @type {"button"} */ ("[data-does]"))) {
    button.addEventListener("click", () => /** @type {any} */ (verbs)[button.dataset.does ?? ""]());
  }
  // pressing the button must not take away the selection that it is to mark
  document.querySelector("[data-does=highlight]")?.addEventListener("pointerdown", (event) => event.preventDefault());
  part("next").addEventListener("click", () => void actions.enter());
  part("previous").addEventListener("click", () => (screen === "review" ? show("item") : actions.previous()));
  part("timer").addEventListener("click", toggleClock);
  part("tools-toggle").addEventListener("click", () => {
    const isFolded = part("tools").classList.toggle("is-folded");
    part("tools-toggle").setAttribute("aria-expanded", String(!isFolded));
  });
  for (const [id, verb] of /** @type {[string, () => unknown][]} */ ([["end", actions.endBlock], ["move-on", actions.moveOn]])) {
    part(`${id}-yes`).addEventListener("click", () => {
      /** @type {HTMLDialogElement} */ (part(id)).close();
      void verb();
    });
  }
  setUpPictures();
  setUpDisplay((values) => session.model && void actions.set(values), () => timer.refresh());
  wear({});
  watchPresence();
}

/** Time on an item counts while the page is seen; after a sleep the server is asked before anything is counted. */
function watchPresence() {
  document.addEventListener("visibilitychange", () => {
    if (!session.model) return;
    if (document.hidden) {
      session.foldVisit();
      void session.keep((model) => model);
    } else session.shownSince = performance.now();
  });
  addEventListener("pagehide", () => {
    if (session.model) session.foldVisit();
  });
  // where this browser keeps nothing, leaving the page would lose what is not sent
  addEventListener("beforeunload", (event) => {
    if (session.store && !session.store.isKept && session.waiting > 0) event.preventDefault();
  });
  addEventListener("offline", () => session.store && void session.tellSaved(session.isFailing));
  setInterval(() => {
    const isCounting = ["in_block", "paused", ...BETWEEN].includes(session.model?.phase);
    if (isCounting && session.clock.hasSlept() && navigator.onLine) {
      session.clock.drift = Date.now() - performance.now();
      void session.record("resumed");
    }
  }, 1000);
}

async function start() {
  wire();
  try {
    await session.open();
  } catch (error) {
    if (error instanceof Refused && error.status === 404) drawTrouble(say("no_sitting"), say("no_sitting_why"));
    else if (error instanceof Refused) drawTrouble(say("not_opened"), error.message);
    else drawTrouble(say("not_opened"), say("not_opened_why"));
    if (session.store) session.waiting = (await session.store.waiting(ID)).length;
    drawSaved({ waiting: session.waiting, isFailing: true, isKept: session.store?.isKept ?? true });
    return;
  }
  void fetchAnalytes();
  if (session.model.phase === "in_block" && session.model.items.length) {
    await session.record("resumed");
    const id = session.model.current ?? session.model.items[0].id;
    if (session.model.current !== id) await session.record("item_shown", { item: id });
    // a number typed just before a crash was kept, and is not sent yet
    for (const item of session.model.items) await actions.give(item.id);
  }
  session.shownSince = performance.now();
  if (session.model.isProctored) listenToProctor(session);
  draw();
}

void start();
