// @ts-check
// The player: puts the session, the view and the keys together. The rules live elsewhere.

import { readBlock, say } from "../words.js";
import { makeActions } from "./actions.js";
import { Timer, drawBars, drawRail, drawSaved } from "./frame.js";
import { listenToKeys } from "./keyboard.js";
import { counts, currentItem, nextBlock } from "./model.js";
import { Refused } from "./net.js";
import { drawEnded, drawIntro, drawReview, drawTaken, drawTrouble, setAlone } from "./screens.js";
import { Session } from "./session.js";
import { fetchAnalytes, offerSentences, setUpTools } from "./tools.js";
import { drawItem, part, refreshItem } from "./view.js";

const player = readBlock("player");
const ID = location.pathname.split("/").filter(Boolean).pop() ?? "";

/** @type {"item" | "review"} */
let screen = "item";
let drawn = ""; // what the page shows now, so that it is drawn anew only when that changes
let byClock = false;
let isLeaving = false;

const session = new Session(ID, {
  changed: () => draw(),
  saved: ({ waiting, isFailing }) => onSaved(waiting, isFailing),
  revealed: (items) => onRevealed(items),
  taken: (where) => drawTaken(where, session.waiting),
  trouble: (text) => announce(text === "not_kept" ? say("not_kept") : say("not_taken", { why: text })),
});

const actions = makeActions(session, {
  now: () => screen,
  show: (name) => show(name),
  turnTo: (name) => {
    screen = name;
  },
  announce,
  confirmEnd,
  offerSentences: () => offerSentences(actions, () => session.model.highlights[currentItem(session.model).id] ?? []),
});

/** For a screen reader, politely, and in words that differ from the last.  @param {string} text */
function announce(text) {
  const said = part("said");
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = text;
  });
}

/** @param {"item" | "review"} name */
function show(name) {
  screen = name;
  drawn = "";
  draw();
}

function draw() {
  const { model } = session;
  if (session.isTaken || !model) return;
  if (model.phase === "finished" || model.phase === "voided" || model.phase === "time_up") {
    byClock ||= model.phase === "time_up";
    drawEnded(byClock, session.waiting, session.isFailing);
    return;
  }
  if (model.phase !== "in_block" || !model.items.length) {
    if (drawn !== "intro") drawIntro(model, begin);
    drawn = "intro";
    return;
  }
  setAlone(false);
  drawRail(model, screen, actions.goTo);
  drawBars(model, screen);
  drawScreen();
}

function drawScreen() {
  const { model } = session;
  const item = currentItem(model);
  const shows = screen === "review" ? "review" : `${item.id} ${item.id in model.answers && model.mode === "tutor"} ${item.id in model.revealed}`;
  if (shows === drawn) {
    if (screen === "item") refreshItem(model);
    return;
  }
  const isSameItem = drawn.startsWith(`${item.id} `);
  drawn = shows;
  if (screen === "review") drawReview(model, actions.goTo);
  else drawItem(model, actions);
  if (screen === "item") document.getElementById("item-name")?.focus({ preventScroll: isSameItem });
  if (!isSameItem) scrollTo(0, 0);
}

async function begin() {
  /** @type {HTMLButtonElement} */ (part("go")).disabled = true;
  const block = nextBlock(session.model);
  if (session.model.phase === "created") await session.record("started");
  await session.record("block_opened", { block });
  announce(say("opening"));
}

/** @param {string[]} items */
function onRevealed(items) {
  const { model } = session;
  if (screen !== "item" || !model.items.length || !items.includes(currentItem(model).id)) return;
  const verdict = document.getElementById("verdict");
  if (verdict?.textContent) announce(verdict.textContent);
}

/** @param {number} waiting  @param {boolean} isFailing */
function onSaved(waiting, isFailing) {
  drawSaved({ waiting, isFailing, isKept: session.store?.isKept ?? true });
  const verdict = document.querySelector("#verdict[data-open]");
  if (verdict && isFailing) verdict.textContent = say("explanation_later");
  const phase = session.model?.phase;
  if (phase !== "finished" && phase !== "voided") {
    if (isFailing && drawn === "intro") {
      const go = /** @type {HTMLButtonElement | null} */ (document.getElementById("go"));
      if (go?.disabled) announce(say("needs_network"));
    }
    return;
  }
  draw();
  if (waiting > 0 || isFailing || isLeaving) return;
  isLeaving = true;
  void session.forget().then(() => location.replace(player.report_url.replace("ID", ID)));
}

function confirmEnd() {
  const { open, flagged } = counts(session.model);
  part("end-open").textContent = say("end_open", { n: open });
  part("end-open").hidden = open === 0;
  part("end-flagged").textContent = say("end_flagged", { n: flagged });
  part("end-flagged").hidden = flagged === 0;
  const dialog = /** @type {HTMLDialogElement} */ (part("end"));
  if (dialog.open) return;
  dialog.showModal();
  part(open ? "end-no" : "end-yes").focus();
}

function wire() {
  const tools = setUpTools(actions);
  listenToKeys({
    actions,
    tools,
    isWorking: () => document.body.dataset.screen === "work",
    screen: () => screen,
  });
  const clicks = { ...actions, ...tools, review: actions.review };
  for (const button of document.querySelectorAll("[data-does]")) {
    const name = /** @type {HTMLElement} */ (button).dataset.does ?? "";
    button.addEventListener("click", () => /** @type {any} */ (clicks)[name]());
  }
  // pressing the button must not take away the selection that it is to mark
  document.querySelector("[data-does=highlight]")?.addEventListener("pointerdown", (event) => event.preventDefault());
  part("next").addEventListener("click", () => void actions.enter());
  part("previous").addEventListener("click", () => (screen === "review" ? show("item") : actions.previous()));
  part("tools-toggle").addEventListener("click", () => {
    const isFolded = part("tools").classList.toggle("is-folded");
    part("tools-toggle").setAttribute("aria-expanded", String(!isFolded));
  });
  part("end-yes").addEventListener("click", () => {
    /** @type {HTMLDialogElement} */ (part("end")).close();
    void actions.endBlock();
  });
  new Timer(session.clock, { announce, onEnd: () => void session.timeUp() });
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
  addEventListener("offline", () => session.store && void session.tellSaved(session.isFailing));
  setInterval(() => {
    if (session.model?.phase === "in_block" && session.clock.hasSlept() && navigator.onLine) {
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
    return;
  }
  if (session.model.phase === "in_block") {
    if (!session.model.items.length) await session.fetchBlock();
    void fetchAnalytes();
    await session.record("resumed");
    const id = session.model.current ?? session.model.items[0]?.id;
    if (session.model.current !== id) await session.record("item_shown", { item: id });
  }
  session.shownSince = performance.now();
  draw();
}

void start();
