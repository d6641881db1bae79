// @ts-check
// The timeline by hand: a bar is dragged, or moved with the arrow keys; where it is let go the server makes the road again.

const WIDTH = 1000; // units of the picture
const DAY_MS = 86_400_000;
const MONTH_DAYS = 30;
const road = /** @type {HTMLElement} */ (document.getElementById("road"));
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("set-day"));

/** @type {{bar: SVGGElement, days: number, from: number, pointer: number} | null} */
let moving = null;

/** @param {string} start  @param {number} days */
function dayAfter(start, days) {
  return new Date(Date.parse(`${start}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** A day as people read it.  @param {string} day */
function shortDay(day) {
  const how = /** @type {const} */ ({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, how);
}

/** @param {SVGGElement} bar */
function svgOf(bar) {
  return /** @type {SVGSVGElement} */ (bar.ownerSVGElement);
}

/** Shows where a bar would be.  @param {SVGGElement} bar  @param {number} days */
function show(bar, days) {
  const unit = Number(svgOf(bar).dataset.unit);
  const day = dayAfter(bar.dataset.start ?? "", days);
  bar.setAttribute("transform", `translate(${days * unit} 0)`);
  bar.classList.toggle("moving", days !== 0);
  const name = /** @type {SVGTextElement | null} */ (bar.querySelector("text"));
  if (name) {
    bar.dataset.name ??= name.textContent ?? "";
    name.textContent = days === 0 ? bar.dataset.name : `${bar.dataset.title} · ${shortDay(day)}`;
  }
  bar.setAttribute("aria-valuenow", String(days));
  bar.setAttribute("aria-valuetext", days === 0 ? bar.dataset.said ?? "" : shortDay(day));
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById("day"));
  const select = /** @type {HTMLSelectElement | null} */ (document.getElementById("milestone"));
  if (input && select && days !== 0) {
    input.value = day;
    select.value = bar.dataset.id ?? "";
  }
}

function cancel() {
  if (!moving) return;
  show(moving.bar, 0);
  moving = null;
}

/** Asks the server for the road with this day, and puts the new one in place.  @param {SVGGElement} bar  @param {number} days */
async function settle(bar, days) {
  moving = null;
  if (!form || days === 0) return show(bar, 0);
  const id = bar.dataset.id ?? "";
  const body = new FormData(form);
  body.set("milestone", id);
  body.set("day", dayAfter(bar.dataset.start ?? "", days));
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(/** @type {any} */ (body)), headers: { "X-Bedside-Part": "road" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const hadFocus = document.activeElement === bar;
    road.innerHTML = await answer.text();
    takeUp();
    if (hadFocus) /** @type {SVGGElement | null} */ (road.querySelector(`[data-id="${CSS.escape(id)}"]`))?.focus();
  } catch {
    form.requestSubmit(); // the form says the same, and the page what went wrong
  }
}

/** @param {PointerEvent} event */
function onPointer(event) {
  const bar = /** @type {SVGGElement | null} */ (event.target instanceof Element ? event.target.closest(".bar[tabindex]") : null);
  if (event.type === "pointerdown" && bar && event.button === 0) {
    moving = { bar, days: 0, from: event.clientX, pointer: event.pointerId };
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
    bar.focus();
  } else if (moving && event.pointerId === moving.pointer && event.type === "pointermove") {
    const units = ((event.clientX - moving.from) / svgOf(moving.bar).getBoundingClientRect().width) * WIDTH;
    moving.days = Math.round(units / Number(svgOf(moving.bar).dataset.unit));
    show(moving.bar, moving.days);
  } else if (moving && event.pointerId === moving.pointer && event.type === "pointerup") {
    settle(moving.bar, moving.days);
  } else if (event.type === "pointercancel") {
    cancel();
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const bar = /** @type {SVGGElement | null} */ (event.target instanceof SVGGElement && event.target.matches(".bar[tabindex]") ? event.target : null);
  if (!bar || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!moving || moving.bar !== bar) {
    cancel();
    moving = { bar, days: 0, from: 0, pointer: -1 };
  }
  const by = event.shiftKey ? MONTH_DAYS : 1;
  if (event.key === "ArrowRight" || event.key === "ArrowUp") moving.days += by;
  else if (event.key === "ArrowLeft" || event.key === "ArrowDown") moving.days -= by;
  else if (event.key === "Enter") return void (event.preventDefault(), settle(bar, moving.days));
  else if (event.key === "Escape") return cancel();
  else return;
  event.preventDefault();
  show(bar, moving.days);
}

/** The bars of the picture as things that can be moved. */
function takeUp() {
  for (const hint of road.querySelectorAll("[data-script]")) /** @type {HTMLElement} */ (hint).hidden = false;
  for (const svg of road.querySelectorAll("svg")) svg.setAttribute("role", "group");
  const ids = new Set([...(form?.querySelectorAll("option") ?? [])].map((option) => option.value));
  for (const one of road.querySelectorAll("g.bar")) {
    const bar = /** @type {SVGGElement} */ (one);
    if (!ids.has(bar.dataset.id ?? "")) continue;
    bar.setAttribute("tabindex", "0");
    bar.setAttribute("role", "slider");
    bar.setAttribute("aria-label", bar.dataset.said ?? "");
    bar.setAttribute("aria-valuemin", "-36500");
    bar.setAttribute("aria-valuemax", "36500");
    show(bar, 0);
  }
  for (const button of road.querySelectorAll("button[data-table]")) {
    const toggle = /** @type {HTMLButtonElement} */ (button);
    const table = /** @type {HTMLElement | null} */ (document.getElementById(toggle.dataset.table ?? ""));
    if (!toggle.hidden || !table) continue; // the shell took up those of the first page
    toggle.hidden = false;
    table.hidden = true;
    toggle.setAttribute("aria-expanded", "false");
    toggle.addEventListener("click", () => {
      table.hidden = !table.hidden;
      toggle.setAttribute("aria-expanded", String(!table.hidden));
    });
  }
}

for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
  road.addEventListener(type, /** @type {EventListener} */ (onPointer));
}
road.addEventListener("keydown", onKey);
takeUp();
