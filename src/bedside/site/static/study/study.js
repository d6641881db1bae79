// @ts-check
// The study queue by keyboard: Space shows the answer, 1 to 4 grade it and the next card is there at once, u takes the last
// grade back. The next cards are in the page; grades go out in the background. Without this script the buttons do the same.

import { hasOwnEnter, shell, takesText } from "../js/shell.js";
import { readBlock, say } from "../js/words.js";
import { Outbox, uuid } from "./outbox.js";

const FEW = 5; // pieces at hand, below which more are fetched
const CHORD_MS = 1500; // from `g` to the letter that follows, as in shell.js
const AGAIN = 1;

/** @typedef {{node: HTMLElement, review: string, card?: string, wasLast: boolean}} Done a piece that was graded or set aside */

const place = document.getElementById("place");
const play = readBlock("play");
const token = () => /** @type {HTMLInputElement} */ (document.querySelector("input[name=csrfmiddlewaretoken]")).value;

/** @type {HTMLElement[]} */ let ahead = [];
/** @type {HTMLElement | null} */ let current = null;
/** @type {Done[]} */ const done = [];
/** @type {{review: string, subject: string}[]} */ const earlier = play.done ?? [];
/** @type {Set<string>} askings that were graded or set aside here */ const gone = new Set();
let left = play.n ?? 0;
let minutes = play.minutes ?? 0;
let total = play.n ?? 0; // that the server knew of when it was last asked
let isFetching = false;
let chordSince = -Infinity;

const outbox = new Outbox("/study/sent", play.user ?? "", token, { changed: showUnsent, refused: showRefused });

function begin() {
  if (!place) {
    outbox.wake(); // what another page left
    return;
  }
  for (const deed of outbox.all()) if (deed.piece) gone.add(deed.piece);
  const templates = /** @type {NodeListOf<HTMLTemplateElement>} */ (document.querySelectorAll("template[data-ahead]"));
  ahead = [...templates].map((one) => /** @type {HTMLElement} */ (one.content.firstElementChild)).filter(isOpen);
  templates.forEach((one) => one.remove());
  current = /** @type {HTMLElement} */ (place.firstElementChild);
  heard(current);
  if (!isOpen(current)) next();
  preload();
  if (outbox.all().length) outbox.wake();
  document.addEventListener("submit", onSubmit);
}

/** @param {HTMLElement} node */
const isOpen = (node) => !gone.has(node.dataset.piece ?? "");

// --- showing ---------------------------------------------------------------------------------------------------------------

/** @param {HTMLElement} node */
function show(node) {
  const details = node.querySelector("details");
  if (details) details.open = false;
  node.querySelector("summary")?.setAttribute("data-enter", "");
  current = node;
  place?.replaceChildren(node);
  heard(node);
  scrollTo(0, 0);
  preload();
}

/** @param {HTMLElement} node  its answer is read out when it shows */
function heard(node) {
  const details = node.querySelector("details");
  if (!details || node.dataset.heard) return;
  node.dataset.heard = "1";
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    details.querySelector("summary")?.removeAttribute("data-enter"); // a further Enter would hide it again
    /** @type {HTMLElement | null} */ (node.querySelector("#answer-text"))?.focus({ preventScroll: true });
  });
}

/** Pictures of the next pieces are fetched before they are shown. */
function preload() {
  for (const node of ahead.slice(0, 2)) {
    for (const picture of node.querySelectorAll("img[src]")) new Image().src = /** @type {HTMLImageElement} */ (picture).src;
  }
}

function next() {
  const node = ahead.shift();
  if (node) show(node);
  else void refill(true);
  if (node && ahead.length < FEW && total > ahead.length + 1) void refill(false);
  showLeft();
  showUndo();
}

/** By pointer too, what was done last can be taken back. */
function showUndo() {
  const form = /** @type {HTMLElement | null} */ (document.querySelector("[data-undo]"));
  if (!form) return;
  form.hidden = !done.length && !earlier.length;
  form.querySelector("p")?.remove(); // it was said of what was last when the page came
}

/** More pieces from the server, which must have all grades first. @param {boolean} isEmpty nothing is at hand any more */
async function refill(isEmpty) {
  if (isFetching) return;
  isFetching = true;
  if (isEmpty) place?.replaceChildren();
  try {
    const isSettled = await outbox.settled();
    if (!isSettled) throw new Error("unsent");
    const answer = await fetch(`/study/ahead${location.search}`, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
    const told = await answer.json();
    ({ n: total } = told);
    const held = new Set([current?.dataset.piece, ...ahead.map((node) => node.dataset.piece)]);
    const isOver = isEmpty && !told.pieces.length;
    const fresh = told.pieces.filter((/** @type {any} */ one) => !held.has(one.id) && !gone.has(one.id)).map(parsed);
    // what is asked once more comes after the rest
    const rest = ahead.filter((node) => node.dataset.state === "again");
    ahead = [...ahead.filter((node) => node.dataset.state !== "again"), ...fresh, ...rest];
    left = Math.max(told.n, ahead.length);
    minutes = told.minutes;
    isFetching = false;
    if (isOver || (isEmpty && !ahead.length)) location.assign("/study");
    else if (isEmpty) next();
    else preload();
  } catch {
    isFetching = false;
    if (isEmpty) {
      setSaid(say("waiting"));
      setTimeout(() => void (place?.firstElementChild ? 0 : refill(true)), 3000);
    }
  }
}

/** @param {{html: string}} one */
function parsed(one) {
  const template = document.createElement("template");
  template.innerHTML = one.html; // as the page itself: cleaned by the server
  return /** @type {HTMLElement} */ (template.content.firstElementChild);
}

const plurals = new Intl.PluralRules(document.documentElement.lang || "en");

/** @param {string} name @param {number} n */
const counted = (name, n) => say(`${name}_${plurals.select(n) === "one" ? "one" : "other"}`, { n });

function showLeft() {
  const lead = document.getElementById("left");
  if (lead) lead.textContent = counted("left", left) + counted("minutes", Math.max(1, Math.round(minutes)));
  const parts = document.getElementById("of-these");
  if (parts) parts.hidden = true; // it was said of the beginning
}

/** @param {string} text */
function setSaid(text) {
  const said = document.getElementById("said");
  if (said) said.textContent = text;
}

function showUnsent() {
  const note = document.getElementById("unsent");
  if (!note) return;
  const n = outbox.all().length;
  note.hidden = !n || !(outbox.isFailing || !outbox.isKept);
  note.textContent = note.hidden
    ? ""
    : outbox.isClosed
      ? say("closed")
      : outbox.isSignedOut
        ? say("signed_out")
        : counted(outbox.isKept ? "unsent" : "unkept", n);
}

/** @param {any} _deed @param {string} why */
function showRefused(_deed, why) {
  setSaid(say("refused", { why }));
}

// --- doing -----------------------------------------------------------------------------------------------------------------

/** @param {number} grade */
function give(grade) {
  const node = current;
  if (!node || !place?.contains(node)) return;
  const { piece = "", subject = "", card } = node.dataset;
  const review = done.some((one) => one.review === node.dataset.review) ? uuid() : (node.dataset.review ?? uuid());
  gone.add(piece);
  outbox.push({ id: uuid(), do: "grade", review, subject, grade, piece, at_ms: Date.now() });
  const isAgain = grade === AGAIN && card !== undefined;
  done.push({ node, review, wasLast: isAgain });
  if (isAgain) ahead.push(onceMore(node));
  else count(node, -1);
  setSaid("");
  next();
}

/** The same card, asked again at the end of the queue. @param {HTMLElement} node */
function onceMore(node) {
  const copy = /** @type {HTMLElement} */ (node.cloneNode(true));
  const n = Number(node.dataset.n) + 1;
  delete copy.dataset.heard;
  Object.assign(copy.dataset, { n: String(n), piece: `${node.dataset.subject}#${n}`, state: "again", review: uuid() });
  return copy;
}

/** @param {HTMLElement} node @param {1 | -1} sign */
function count(node, sign) {
  left = Math.max(0, left + sign);
  total = Math.max(0, total + sign);
  minutes = Math.max(0, minutes + sign * Number(node.dataset.minutes));
}

function takeBack() {
  const last = done.pop();
  if (!last) {
    void takeEarlierBack();
    return;
  }
  if (last.card) outbox.push({ id: uuid(), do: "resume", card: last.card, at_ms: Date.now() });
  else if (!outbox.recall(last.review)) outbox.push({ id: uuid(), do: "undo", review: last.review, at_ms: Date.now() });
  gone.delete(last.node.dataset.piece ?? "");
  /** @param {HTMLElement} node */
  const isSame = (node) => node.dataset.subject === last.node.dataset.subject; // asked once more because of this grade
  if (last.wasLast) ahead = ahead.filter((node) => !isSame(node));
  else count(last.node, 1);
  last.node.dataset.review = uuid();
  if (current && place?.contains(current) && !(last.wasLast && isSame(current))) ahead.unshift(current);
  show(last.node);
  showLeft();
  showUndo();
  setSaid(say("taken_back"));
}

/** What was graded before this page was loaded. */
async function takeEarlierBack() {
  const last = earlier.shift();
  if (!last) {
    setSaid(say("nothing_to_undo"));
    return;
  }
  outbox.push({ id: uuid(), do: "undo", review: last.review, at_ms: Date.now() });
  if (await outbox.settled()) location.assign(`/study?ask=${encodeURIComponent(last.subject)}`);
}

function setAside() {
  const node = current;
  const card = node?.dataset.card;
  if (!node || !card || !place?.contains(node)) return;
  gone.add(node.dataset.piece ?? "");
  outbox.push({ id: uuid(), do: "aside", card, piece: node.dataset.piece, at_ms: Date.now() });
  done.push({ node, review: "", card, wasLast: false });
  count(node, -1);
  next();
  setSaid(say("set_aside"));
}

function edit() {
  const link = /** @type {HTMLAnchorElement | null} */ (current?.querySelector("[data-edit]") ?? null);
  if (link) location.assign(link.href);
}

function playSound() {
  const open = current?.querySelector("details")?.open;
  const sound = /** @type {HTMLMediaElement | null} */ (current?.querySelector(`${open ? ".back" : ".front"} :is(audio, video)`) ?? null);
  if (!sound) return;
  sound.currentTime = 0;
  void sound.play().catch(() => undefined);
}

// --- hearing ---------------------------------------------------------------------------------------------------------------

/** @param {SubmitEvent} event */
function onSubmit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (form.matches("[data-grading]") && button) {
    event.preventDefault();
    give(Number(button.value));
  } else if (form.matches("[data-aside]")) {
    event.preventDefault();
    setAside();
  } else if (form.matches("[data-undo]")) {
    event.preventDefault();
    takeBack();
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.defaultPrevented || event.repeat || event.metaKey || event.altKey || takesText(event.target)) return;
  if (document.querySelector("dialog:modal")) return;
  if (event.ctrlKey) {
    if (event.key === "z" && place) act(event, takeBack);
    return;
  }
  const isChord = event.timeStamp - chordSince < CHORD_MS;
  chordSince = event.key === "g" ? event.timeStamp : -Infinity;
  const answer = current?.querySelector("details");
  if (event.key === " " && answer && !answer.open && !hasOwnEnter(document.activeElement)) {
    act(event, () => (answer.open = true)); // the page would scroll
  } else if (!shell.letters || isChord) {
    return;
  } else if (answer?.open && /^[1-4]$/.test(event.key)) act(event, () => give(Number(event.key)));
  else if (event.key === "u") act(event, place ? takeBack : takeEarlierBack);
  else if (event.key === "e") act(event, edit);
  else if (event.key === "s") act(event, setAside);
  else if (event.key === "r") act(event, playSound);
}

/** @param {KeyboardEvent} event @param {() => unknown} what */
function act(event, what) {
  event.preventDefault();
  what();
}

// grades that only this page has must not be lost by closing it
addEventListener("beforeunload", (event) => {
  if (!outbox.isKept && outbox.all().length) event.preventDefault();
});

begin();
document.addEventListener("keydown", onKey);
