// @ts-check
// The day around the blocks: what runs down in each phase, and what an event does to it. The server's word, when it comes,
// replaces what is reckoned here; without network it is all there is.

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./clock.js").Counts} Counts */

export const BETWEEN = ["between_blocks", "on_break"];

/** What runs by the server's word.  @param {any} told  @returns {Partial<Counts>} */
export function runningBy(told) {
  if (told.state === "in_block") return { block: told.remaining_ms };
  if (told.state === "paused") return { stop: told.stop_clock_ms };
  if (!BETWEEN.includes(told.state)) return {};
  // a fixed break that costs nothing comes before the bank
  const bank = told.break_ms === null ? null : told.break_ms + (told.fixed_break_ms ?? 0);
  return { break: bank, fixed: told.fixed_break_ms, tutorial: told.tutorial_ms };
}

/**
 * What stands still and what runs after an event that moves the day; null where it moves nothing.
 * @param {Model} before  @param {Model} after  @param {Counts} left  @returns {{model: Model, left: Partial<Counts>} | null}
 */
export function moved(before, after, left) {
  if (before.phase === after.phase) return null;
  if (before.phase === "created") return { model: after, left: { break: before.break_ms, tutorial: before.tutorial_ms } };
  if (before.phase === "in_block" && after.phase === "paused") {
    return { model: { ...after, frozen_ms: left.block }, left: { stop: before.stop_ms } };
  }
  if (before.phase === "in_block" && after.phase === "between_blocks") {
    // a block with a clock of its own gives the bank what is left of it
    const gain = before.blocks.find((block) => block.n === before.block)?.minutes ? Math.max(0, left.block ?? 0) : 0;
    const bank = before.isTotal ? left.block : before.break_ms === null ? null : before.break_ms + gain;
    return { model: { ...after, break_ms: bank }, left: { break: bank } };
  }
  if (before.phase === "paused") return { model: { ...after, stop_ms: Math.max(0, left.stop ?? 0) }, left: { block: before.frozen_ms } };
  if (BETWEEN.includes(before.phase) && BETWEEN.includes(after.phase)) return null;
  return { model: after, left: {} };
}

/** How each block of the day stands.  @param {Model} model  @param {number} n  @returns {"done" | "open" | "next" | "later"} */
export function standingOf(model, n) {
  if (model.phase === "finished") return "done";
  if (n === model.block) return "open";
  const behind = model.block ?? model.opening ?? model.last_block + 1;
  if (n < behind) return "done";
  return n === behind ? "next" : "later";
}
