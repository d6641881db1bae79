// @ts-check
// The day around the blocks: what runs down in each phase, and what an event does to it. The server's word, when it comes,
// replaces what is reckoned here; without network it is all there is.

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./clock.js").Counts} Counts */

export const BETWEEN = ["between_blocks", "on_break"];

/** Milliseconds after block `n` that cost nothing: none, those of a break that stands there and of the tutorial before the cases, or without end.  @param {import("./model.js").Block[]} blocks  @param {number} n */
export function freeAfter(blocks, n) {
  const pause = blocks.find((block) => block.n === n)?.break_after;
  const tutorial = n ? (blocks.find((block) => block.n === n + 1)?.tutorial_minutes ?? 0) * 60_000 : 0;
  if (!pause || pause.is_counted) return tutorial;
  return pause.minutes === null ? Infinity : pause.minutes * 60_000 + tutorial;
}

/** What runs by the server's word.  @param {any} told  @returns {Partial<Counts>} */
export function runningBy(told) {
  if (told.state === "in_block") return { block: told.remaining_ms };
  if (told.state === "paused") return { stop: told.stop_clock_ms };
  if (!BETWEEN.includes(told.state)) return {};
  // a fixed break that costs nothing comes before the bank; one clock over all blocks starts with the first of them
  const stands = freeAfter(told.outline.blocks, told.blocks_closed) === Infinity || (told.outline.minutes && !told.blocks_closed);
  const bank = stands || told.break_ms === null ? null : told.break_ms + (told.fixed_break_ms ?? 0);
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
    return afterBlock(before, after, left.block);
  }
  if (before.phase === "paused") {
    // the page may hear late that the time for it was used up: the block has been running since
    const late = Math.min(0, left.stop ?? 0);
    const block = before.frozen_ms === null ? null : before.frozen_ms + late;
    return { model: { ...after, stop_ms: Math.max(0, left.stop ?? 0) }, left: { block } };
  }
  if (BETWEEN.includes(before.phase) && BETWEEN.includes(after.phase)) return null;
  return { model: after, left: {} };
}

/** The bank once a block has closed, with what is left of it where that is kept, and the break that stands there.  @param {Model} before  @param {Model} after  @param {number | null} left of the block; below nothing where the page heard late that it was over */
function afterBlock(before, after, left) {
  const late = Math.min(0, left ?? 0);
  const hasClock = Boolean(before.blocks.find((block) => block.n === before.block)?.minutes);
  const gain = hasClock && before.isUnusedKept ? Math.max(0, left ?? 0) : 0;
  const bank = before.isTotal ? Math.max(0, left ?? 0) : before.break_ms === null ? null : before.break_ms + gain;
  const free = freeAfter(before.blocks, before.block ?? 0);
  const runs = bank !== null && free !== Infinity;
  const fixed = free > 0 && free !== Infinity ? free + late : null;
  return { model: { ...after, break_ms: bank }, left: { break: runs ? bank + free + late : null, fixed } };
}

/**
 * Milliseconds until the day has ended though nobody comes back; null where it waits, or that is not known.
 * @param {Model} model  @param {number | null} bank what is left of it
 */
export function dayLeft(model, bank) {
  if (!BETWEEN.includes(model.phase) || model.opening !== null || model.last_block < 1 || bank === null) return null;
  if (model.isTotal) return bank;
  const rest = model.blocks.filter((block) => block.n > model.last_block).map((block) => block.minutes);
  if (rest.some((minutes) => minutes === null)) return null;
  return bank + rest.reduce((/** @type {number} */ sum, minutes) => sum + (minutes ?? 0) * 60_000, 0);
}

/** How each block of the day stands.  @param {Model} model  @param {number} n  @returns {"done" | "open" | "next" | "later"} */
export function standingOf(model, n) {
  if (model.phase === "finished") return "done";
  if (n === model.block) return "open";
  const behind = model.block ?? model.opening ?? model.last_block + 1;
  if (n < behind) return "done";
  return n === behind ? "next" : "later";
}
