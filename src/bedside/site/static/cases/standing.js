// @ts-check
// The orders that run or whose report is awaited, each with its way to stop it.

import { make, say } from "../js/words.js";

/**
 * @param {any} state @param {import("./time.js").WallClock} wall
 * @param {(order: string) => void} stop @param {any[]} stoppable orders that can be stopped, each id once
 */
export function showOrders(state, wall, stop, stoppable) {
  const place = /** @type {HTMLElement} */ (document.getElementById("orders"));
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.stops;
  const first = new Set(stoppable.map((one) => one.number));
  const rows = state.orders.map((/** @type {any} */ one) => {
    const said = [one.dose === "usual" ? "" : say(`dose_${one.dose}`), say(`stage_${one.stage}`), one.due_s === null ? "" : say("due", { at: wall.short(one.due_s) })].filter(Boolean).join("; ");
    const button = first.has(one.number)
      ? make("button", { type: "button", class: "plain", "data-stops": one.order, "aria-label": say("stop_named", { name: one.name }), onclick: () => stop(one.order) }, say("stop"))
      : null;
    return make("li", {}, make("span", { class: "name" }, one.name), " ", make("span", { class: "quiet" }, said), button);
  });
  place.replaceChildren(...(rows.length ? rows : [make("li", { class: "quiet" }, say("orders_none"))]));
  if (focused) /** @type {HTMLElement | null} */ (place.querySelector(`[data-stops="${focused}"]`))?.focus();
}
