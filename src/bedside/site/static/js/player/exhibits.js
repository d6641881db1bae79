// @ts-check
// Pictures, figures and sounds of an item. A picture or a figure opens large: nearer, moved, and with more or less contrast and brightness, by key,
// by pointer and by two fingers. A sound has a player of its own, so that every part of it has a name and a key.

import { icon, make, say } from "../words.js";
import { asClock } from "./clock.js";

const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

const NEAREST = 8;
const STEP = 1.25;
const MOVE_PX = 60;
const LIGHT_STEP = 10;
const SKIP_S = 5;

/** @typedef {{zoom: number, x: number, y: number, contrast: number, brightness: number}} Look */
/** @type {Look} */
const PLAIN = { zoom: 1, x: 0, y: 0, contrast: 100, brightness: 100 };
/** @type {Look} */
let look = { ...PLAIN };
/** @type {(HTMLImageElement | SVGSVGElement)[]} */
let pictures = [];
let shown = 0;

/** Give every picture and sound in here its buttons.  @param {ParentNode} root */
export function wireExhibits(root) {
  pictures = [...root.querySelectorAll(/** @type {"img"} */ (".exhibit :is(img, svg.drawn)"))];
  pictures.forEach((image, index) => {
    const open = make("button", { type: "button", class: "look", "aria-keyshortcuts": "Alt+Z", onclick: () => openPicture(index) }, icon("zoom"), say("picture_open"));
    image.addEventListener("click", () => openPicture(index));
    if (image instanceof HTMLImageElement) image.addEventListener("error", () => onMissing(image), { once: true });
    image.after(open);
  });
  for (const audio of root.querySelectorAll(/** @type {"audio"} */ (".exhibit audio"))) audio.after(drawPlayer(audio));
}

/** The picture is not on this computer: say so, and ask again when the network is back.  @param {HTMLImageElement} image */
function onMissing(image) {
  const said = make("p", { class: "quiet missing" }, say("picture_missing"));
  image.after(said);
  addEventListener("online", () => {
    said.remove();
    image.src = `${image.src}`;
    image.addEventListener("error", () => onMissing(image), { once: true });
  }, { once: true });
}

// --- pictures --------------------------------------------------------------------------------------------------------

/** The picture whose button has the focus, else the first. */
export function openFocusedPicture() {
  const figure = document.activeElement?.closest("figure");
  const index = pictures.findIndex((image) => figure?.contains(image));
  if (pictures.length) openPicture(Math.max(0, index));
}

/** @param {number} index */
function openPicture(index) {
  shown = index;
  const picture = pictures[index];
  const image = /** @type {HTMLImageElement} */ (part("picture-image"));
  part("picture-frame").querySelector("svg")?.remove();
  image.hidden = !(picture instanceof HTMLImageElement);
  if (picture instanceof HTMLImageElement) {
    image.src = picture.src;
    image.alt = picture.alt;
  } else image.after(picture.cloneNode(true));
  part("picture-next").hidden = pictures.length < 2;
  change(PLAIN);
  const dialog = /** @type {HTMLDialogElement} */ (part("picture"));
  if (!dialog.open) dialog.showModal();
  part("picture-frame").focus();
}

/** @param {Partial<Look>} to */
function change(to) {
  look = { ...look, ...to };
  look.zoom = clamp(look.zoom, 1, NEAREST);
  look.contrast = clamp(look.contrast, 20, 300);
  look.brightness = clamp(look.brightness, 20, 300);
  const frame = part("picture-frame");
  const image = frame.querySelector("svg") ?? part("picture-image");
  // never so far that the picture leaves its frame
  const [far_x, far_y] = [(frame.clientWidth * (look.zoom - 1)) / 2, (frame.clientHeight * (look.zoom - 1)) / 2];
  look.x = clamp(look.x, -far_x, far_x);
  look.y = clamp(look.y, -far_y, far_y);
  image.style.transform = `translate(${look.x}px, ${look.y}px) scale(${look.zoom})`;
  image.style.filter = `contrast(${look.contrast}%) brightness(${look.brightness}%)`;
  const percent = Math.round(look.zoom * 100);
  part("picture-said").textContent = say("picture_said", { zoom: percent, contrast: look.contrast, brightness: look.brightness });
}

/** @param {number} value  @param {number} least  @param {number} most */
const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

/** @type {Record<string, () => void>} */
const VERBS = {
  nearer: () => change({ zoom: look.zoom * STEP }),
  farther: () => change({ zoom: look.zoom / STEP }),
  plain: () => change(PLAIN),
  contrast_more: () => change({ contrast: look.contrast + LIGHT_STEP }),
  contrast_less: () => change({ contrast: look.contrast - LIGHT_STEP }),
  brightness_more: () => change({ brightness: look.brightness + LIGHT_STEP }),
  brightness_less: () => change({ brightness: look.brightness - LIGHT_STEP }),
  next: () => openPicture((shown + 1) % pictures.length),
  left: () => change({ x: look.x + MOVE_PX }),
  right: () => change({ x: look.x - MOVE_PX }),
  up: () => change({ y: look.y + MOVE_PX }),
  down: () => change({ y: look.y - MOVE_PX }),
};
/** @type {Record<string, string>} */
const KEYS = {
  "+": "nearer", "=": "nearer", "-": "farther", 0: "plain", c: "contrast_more", C: "contrast_less", b: "brightness_more",
  B: "brightness_less", n: "next", ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down",
};

export function setUpPictures() {
  const dialog = part("picture");
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    VERBS[KEYS[event.key]]();
  });
  for (const button of dialog.querySelectorAll(/** @type {"button"} */ ("button[data-look]"))) {
    button.addEventListener("click", () => VERBS[button.dataset.look ?? ""]());
  }
  const frame = part("picture-frame");
  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    VERBS[event.deltaY < 0 ? "nearer" : "farther"]();
  }, { passive: false });
  followPointers(frame);
}

/** One finger or the mouse moves the picture, two fingers draw it nearer.  @param {HTMLElement} frame */
function followPointers(frame) {
  /** @type {Map<number, {x: number, y: number}>} */
  const held = new Map();
  const gap = () => {
    const [one, other] = [...held.values()];
    return Math.hypot(one.x - other.x, one.y - other.y);
  };
  frame.addEventListener("pointerdown", (event) => {
    frame.setPointerCapture(event.pointerId);
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  frame.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const wide = held.size === 2 ? gap() : 0;
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (wide) change({ zoom: (look.zoom * gap()) / wide });
    else change({ x: look.x + event.clientX - before.x, y: look.y + event.clientY - before.y });
  });
  for (const name of ["pointerup", "pointercancel"]) {
    frame.addEventListener(name, (event) => held.delete(/** @type {PointerEvent} */ (event).pointerId));
  }
}

// --- sounds ----------------------------------------------------------------------------------------------------------

/** @param {HTMLAudioElement} audio */
function drawPlayer(audio) {
  audio.controls = false;
  const [play, time] = [make("button", { type: "button", class: "play", "aria-keyshortcuts": "Alt+A" }), make("span", { class: "time" })];
  const seek = /** @type {HTMLInputElement} */ (make("input", { type: "range", min: "0", max: "1", step: "0.1", "aria-label": say("sound_place") }));
  const loud = /** @type {HTMLInputElement} */ (make("input", { type: "range", min: "0", max: "100", step: "5", value: "100", class: "loud" }));
  const show = () => {
    const long = Number.isFinite(audio.duration) ? audio.duration : 0;
    seek.max = String(long || 1);
    seek.value = String(audio.currentTime);
    const text = say("sound_at", { at: asClock(Math.floor(audio.currentTime) * 1000), of: asClock(Math.ceil(long) * 1000) });
    seek.setAttribute("aria-valuetext", text);
    time.textContent = text;
    play.replaceChildren(icon(audio.paused ? "play" : "stop"), say(audio.paused ? "sound_play" : "sound_pause"));
  };
  for (const name of ["loadedmetadata", "durationchange", "timeupdate", "play", "pause", "ended"]) audio.addEventListener(name, show);
  audio.addEventListener("error", () => {
    time.textContent = say("sound_missing");
    addEventListener("online", () => audio.load(), { once: true });
  });
  play.addEventListener("click", () => toggleSound(audio));
  seek.addEventListener("input", () => (audio.currentTime = Number(seek.value)));
  loud.addEventListener("input", () => (audio.volume = Number(loud.value) / 100));
  const skip = make("button", { type: "button", onclick: () => (audio.currentTime = Math.max(0, audio.currentTime - SKIP_S)) }, say("sound_back", { n: SKIP_S }));
  show();
  return make("div", { class: "sound", role: "group", "aria-label": say("sound") }, play, skip, seek, time, make("label", {}, `${say("sound_loud")} `, loud));
}

/** @param {HTMLAudioElement | null} audio  the sound with the focus, else the first */
export function toggleSound(audio = null) {
  const figure = document.activeElement?.closest("figure");
  const one = audio ?? figure?.querySelector("audio") ?? document.querySelector(/** @type {"audio"} */ (".exhibit audio"));
  if (!one) return;
  if (one.paused) one.play().catch(() => undefined); // the player says that the sound is not here
  else one.pause();
}
