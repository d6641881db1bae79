// @ts-check
// What the player knows: plain data, and functions that answer the next state. No screen, no network, no store.

import { isWithin } from "./decimal.js";

/**
 * @typedef {{letter: string, html: string}} Option
 * @typedef {{id: string, kind: string, n: number, of: number}} Place in a set
 * @typedef {object} Item a later part of a sequential set is hidden: it has only its position, its set and a name of this page
 * @property {string} id
 * @property {number} position
 * @property {boolean} [is_hidden]
 * @property {Place | null} [set]
 * @property {string} kind
 * @property {string} stem_html
 * @property {string} lead_in_html
 * @property {Option[]} options
 * @property {string[]} [earlier_html] the stems of the parts before this one
 * @property {string | null} [unit] of a numeric item
 * @property {boolean} [is_imported]
 * @typedef {{id: string, kind: string, title: string, stimulus_html: string}} ItemSet
 * @typedef {{item: string, key: string[], value?: string | null, tolerance?: string | null, unit?: string | null, explanations: Record<string, string>, takeaways: {id: string, text: string}[], sources: string[], status: string}} Revealed
 * @typedef {{choice: string[], value: string | null, confidence: string | null}} Answer
 * @typedef {{id: string, reason: string, confused_with: string, said_at: number, isSent: boolean}} Why an answer was wrong; `said_at` by this computer's clock
 * @typedef {{minutes: number | null, is_counted: boolean}} Pause
 * @typedef {{nth: number, of: number, minutes: number | null, final_minutes: number | null}} PatientCase
 * @typedef {{n: number, items: number, minutes: number | null, section?: string | null, navigation?: string, break_after?: Pause | null, tutorial_minutes?: number | null, case?: PatientCase | null}} Block of items, or of one case
 * @typedef {{n: number, at: string, text: string}} Message
 * @typedef {[number, number]} Range
 * @typedef {object} Model
 * @property {string} id
 * @property {string} mode
 * @property {string} phase "created", "between_blocks", "on_break", "in_block", "paused", "suspended", "finished", "voided"; "time_up" is the player's own
 * @property {string} kind of form: "block", "half", "full"
 * @property {string} title
 * @property {boolean} isUnusedKept does the break time gain what is left of a block?
 * @property {number} day
 * @property {number} pace how many times faster than real the clock runs
 * @property {boolean} isProctored
 * @property {Block[]} blocks
 * @property {number | null} block that is open
 * @property {number} last_block that was opened here, 0 before the first
 * @property {number | null} opening the block whose opening waits for the server
 * @property {number | null} break_ms in the bank when it last stood still; null where breaks cost nothing
 * @property {boolean} isTotal one clock runs over all blocks; `break_ms` is then what it holds
 * @property {number | null} total_minutes of that clock when it starts
 * @property {number | null} tutorial_ms left of it before block 1
 * @property {number} stop_ms for which the clock may still be stopped inside a block
 * @property {number | null} frozen_ms left of the block while its clock stands still
 * @property {Item[]} items of the open block
 * @property {Record<string, ItemSet>} sets of the open block
 * @property {string | null} current id of the item on the screen
 * @property {string | null} awaits the part that was left, while the next one is on its way
 * @property {Record<string, Answer>} answers
 * @property {Record<string, string[]>} picked tutor mode: chosen, and not yet confirmed
 * @property {Record<string, string>} typed into numeric items, a number or not
 * @property {Record<string, string | null>} sureness "sure" or "unsure", chosen before the answer is sent
 * @property {Record<string, boolean>} flagged
 * @property {Record<string, boolean>} left moved on from: locked
 * @property {Record<string, string[]>} struck
 * @property {Record<string, Range[]>} highlights
 * @property {Record<string, string>} notes
 * @property {Record<string, Revealed>} revealed
 * @property {Record<string, string[][]>} tried tutor mode: all that was chosen on an item before it was confirmed
 * @property {Record<string, Why>} reasons why answers were wrong, the last of each item
 * @property {Record<string, string>} earlier what was noted on an item elsewhere, once its explanation is here
 * @property {Record<string, string | number | boolean>} settings of this sitting
 * @property {Message[]} messages of the proctor
 * @property {number} read the number of the last message that was put away
 * @property {string} reason why the sitting is suspended or void
 * @property {Record<string, number>} ms on each item, over all visits
 * @property {string[]} media that this computer keeps for the open block
 * @property {string | null} writer
 * @property {number} seq the last one given to an event of this writer
 * @property {number} sync the number of the server's last acknowledgement, from which time is counted
 * @property {number} synced_wall when it last did, by this computer's clock; used after a reload only
 * @property {import("./clock.js").Counts | undefined} walls likewise, for the clock after a reload without network
 */

/** What only this computer knows, before it knows anything. */
const OWN = {
  opening: null, frozen_ms: null, items: [], sets: {}, awaits: null, picked: {}, typed: {}, sureness: {}, tried: {}, reasons: {}, earlier: {}, read: 0, ms: {}, media: [],
  writer: null, seq: 0, sync: 0, synced_wall: 0, walls: undefined,
};

/** @template T  @param {[string, T][]} pairs  @returns {Record<string, T>} */
const record = (pairs) => Object.fromEntries(pairs);
/** @param {string[] | undefined} ids */
const on = (ids) => record((ids ?? []).map((id) => [id, true]));

/** The state that the server tells, in the player's shape.  @param {any} told  @returns {Model} */
export function fromServer(told) {
  const answers = /** @type {[string, any][]} */ (Object.entries(told.answers ?? {}));
  const { outline } = told;
  return {
    ...OWN,
    id: told.id,
    mode: told.mode,
    phase: told.state,
    kind: outline.form ?? "block",
    title: outline.title ?? "",
    isUnusedKept: outline.is_unused_kept ?? true,
    day: told.day ?? 1,
    pace: outline.pace ?? 1,
    isProctored: Boolean(told.proctored),
    blocks: outline.blocks,
    block: told.block ?? null,
    last_block: told.block ?? told.blocks_closed ?? 0,
    break_ms: told.break_ms ?? null,
    tutorial_ms: told.tutorial_ms ?? null,
    isTotal: (outline.minutes ?? null) !== null,
    total_minutes: outline.minutes ?? null,
    stop_ms: told.stop_clock_ms ?? 0,
    frozen_ms: told.remaining_ms ?? null,
    current: told.current_item ?? null,
    answers: record(answers.map(([id, { choice, value, confidence }]) => [id, { choice, value: value ?? null, confidence: confidence ?? null }])),
    ms: record(answers.map(([id, answer]) => [id, answer.ms ?? 0])),
    flagged: on(told.flagged),
    left: on(told.left),
    struck: { ...told.struck },
    highlights: { ...told.highlights },
    notes: { ...told.notes },
    revealed: record((told.revealed ?? []).filter(isExplained).map((/** @type {Revealed} */ shown) => [shown.item, shown])),
    settings: { ...told.settings },
    messages: told.messages ?? [],
    reason: told.suspended_reason ?? "",
  };
}

/** A revealed entry is an explanation, or the next part of a set.  @param {any} shown */
export const isExplained = (shown) => Array.isArray(shown.key);

/** A sitting as an earlier version of this page may have kept it.  @param {any} saved  @returns {Model} */
export const fromStore = (saved) => ({
  ...OWN, kind: "block", title: "", day: 1, pace: 1, isProctored: false, break_ms: null, tutorial_ms: null, isTotal: false, total_minutes: null,
  stop_ms: 0,
  left: {}, settings: {}, messages: [], reason: "", ...saved,
});

/**
 * What an event changes. The same rules as the server's fold, for what this player itself does.
 * @param {Model} model  @param {string} type  @param {any} fields  @returns {Model}
 */
export function apply(model, type, fields) {
  const item = fields.item;
  switch (type) {
    case "started":
      return { ...model, phase: model.phase === "created" ? "between_blocks" : model.phase };
    case "block_opened":
      return { ...model, last_block: fields.block, opening: fields.block };
    case "item_shown":
      return { ...model, current: item, awaits: null };
    case "answered": {
      const answer = { choice: fields.choice ?? [], value: fields.value ?? null, confidence: fields.confidence ?? null };
      return { ...model, answers: { ...model.answers, [item]: answer }, picked: without(model.picked, item) };
    }
    case "cleared":
      return { ...model, answers: without(model.answers, item), sureness: without(model.sureness, item) };
    case "flagged":
      return { ...model, flagged: fields.on ? { ...model.flagged, [item]: true } : without(model.flagged, item) };
    case "moved_on":
      return { ...model, left: { ...model.left, [item]: true } };
    case "struck": {
      const rest = (model.struck[item] ?? []).filter((letter) => letter !== fields.option);
      return { ...model, struck: { ...model.struck, [item]: fields.on ? [...rest, fields.option].sort() : rest } };
    }
    case "highlighted":
      return { ...model, highlights: { ...model.highlights, [item]: fields.ranges } };
    case "noted":
      return { ...model, notes: { ...model.notes, [item]: fields.text } };
    case "settings":
      return { ...model, settings: { ...model.settings, ...fields.values } };
    case "block_closed":
      return closed(model);
    case "break_started":
      return { ...model, phase: model.phase === "in_block" ? "paused" : "on_break" };
    case "break_ended":
      return { ...model, phase: model.phase === "paused" ? "in_block" : "between_blocks" };
    case "finished":
      return { ...model, phase: "finished" };
    default:
      return model;
  }
}

/** Its block is over: what was in it is no longer shown.  @param {Model} model  @returns {Model} */
export function closed(model) {
  const isLast = model.block === model.blocks.length;
  if (isLast) return { ...model, phase: "finished" };
  return { ...model, phase: "between_blocks", block: null, items: [], sets: {}, current: null, awaits: null };
}

/** @template T  @param {Record<string, T>} record  @param {string} key  @returns {Record<string, T>} */
export function without(record, key) {
  const { [key]: _, ...rest } = record;
  return rest;
}

/** The items of a block as the server gives them; what is hidden gets a name of this page.  @param {any[]} items  @returns {Item[]} */
export const named = (items) => items.map((item) => (item.is_hidden ? { id: `hidden-${item.position}`, kind: "", stem_html: "", lead_in_html: "", options: [], ...item } : item));

/** Put the part of a set that came where its place was held.  @param {Model} model  @param {Item} part  @returns {Model} */
export const withPart = (model, part) => ({ ...model, items: model.items.map((item) => (item.position === part.position ? part : item)) });

/** The block that comes next. Its opening may still wait in the queue, so it is never past the last.  @param {Model} model */
export const nextBlock = (model) => Math.min(model.opening ?? model.last_block + 1, model.blocks.length);

/** @param {Model} model  @returns {Block | undefined} */
export const openBlock = (model) => model.blocks.find((block) => block.n === model.block);

/** The case that is open, on a page of its own.  @param {Model} model */
export const openCase = (model) => (model.phase === "in_block" ? (openBlock(model)?.case ?? null) : null);

/** A sitting of one practice block has no day around it.  @param {Model} model */
export const isDay = (model) => model.kind !== "block" || model.blocks.length > 1;

/** The item on the screen, or the first.  @param {Model} model  @returns {Item} */
export const currentItem = (model) => model.items[currentIndex(model)];

/** @param {Model} model */
export const currentIndex = (model) => Math.max(0, model.items.findIndex((item) => item.id === model.current));

/** What is chosen on the item, sent or not.  @param {Model} model  @param {string} id  @returns {string[]} */
export const chosen = (model, id) => model.picked[id] ?? model.answers[id]?.choice ?? [];

/** May the answer no longer change?  @param {Model} model  @param {string} id */
export const isLocked = (model, id) => model.phase !== "in_block" || Boolean(model.left[id]) || (model.mode === "tutor" && id in model.answers);

/** @param {Model} model */
export const isForwardOnly = (model) => openBlock(model)?.navigation === "forward_only";

/** @param {Model} model */
export const mayEndEarly = (model) => openBlock(model)?.navigation !== "no_early_end";

/** Does going on from this item lock it?  @param {Model} model  @param {Item} item */
export function locksOnLeaving(model, item) {
  if (model.left[item.id]) return false;
  const { set } = item;
  const isPart = set?.kind === "sequential" && set.n < set.of;
  const isLast = model.items[model.items.length - 1]?.id === item.id;
  return isPart || (isForwardOnly(model) && !isLast);
}

/** Can this item be gone to now?  @param {Model} model  @param {number} index */
export function isReachable(model, index) {
  const item = model.items[index];
  if (!item || item.is_hidden) return false;
  if (!isForwardOnly(model)) return true;
  return !model.left[item.id] && model.items.slice(0, index).every((before) => model.left[before.id]);
}

/** The nearest item that can be gone to, or -1.  @param {Model} model  @param {number} from  @param {1 | -1} step */
export function neighbour(model, from, step) {
  for (let index = from + step; index >= 0 && index < model.items.length; index += step) if (isReachable(model, index)) return index;
  return -1;
}

/** Was the answer the whole key, or near enough to it? Null while the key is not known.  @param {Model} model  @param {string} id */
export function isRight(model, id) {
  const shown = model.revealed[id];
  const answer = model.answers[id];
  if (!shown || !answer) return null;
  if (shown.value !== null && shown.value !== undefined) return answer.value !== null && isWithin(answer.value, shown.value, shown.tolerance || "0");
  return [...shown.key].sort().join() === [...answer.choice].sort().join();
}

/** @param {Model} model */
export function counts(model) {
  const answered = model.items.filter((item) => item.id in model.answers).length;
  const flagged = model.items.filter((item) => model.flagged[item.id]).length;
  const hidden = model.items.filter((item) => item.is_hidden).length;
  return { items: model.items.length, answered, open: model.items.length - answered, flagged, hidden };
}

/** Ranges joined where they meet, in order.  @param {Range[]} ranges  @returns {Range[]} */
export function joined(ranges) {
  /** @type {Range[]} */
  const result = [];
  for (const [begin, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result[result.length - 1];
    if (last && begin <= last[1]) last[1] = Math.max(last[1], end);
    else if (begin < end) result.push([begin, end]);
  }
  return result;
}

/** Is all of it marked?  @param {Range[]} ranges  @param {Range} range */
export const isMarked = (ranges, [begin, end]) => ranges.some(([from, to]) => from <= begin && end <= to);

/** @param {Range[]} ranges  @param {Range} range  @returns {Range[]} */
function cutOut(ranges, [begin, end]) {
  return ranges.flatMap(([from, to]) => {
    if (to <= begin || end <= from) return [/** @type {Range} */ ([from, to])];
    return /** @type {Range[]} */ ([[from, begin], [end, to]]).filter(([left, right]) => left < right);
  });
}

// Offsets from here on are in what the items of a set share; below, in the stem of the item. The documentation of the events
// says so too.
export const STIMULUS_AT = 500_000;

/** The items of the block that share a stimulus with this one, itself among them.  @param {Model} model  @param {Item} item */
const sharing = (model, item) => (item.set?.kind === "shared" ? model.items.filter((one) => one.set?.id === item.set?.id) : [item]);

/** What is marked on the screen of the item: its stem, and what any item of its set has marked in what they share.  @param {Model} model  @param {Item} item  @returns {Range[]} */
export function marksOn(model, item) {
  const own = model.highlights[item.id] ?? [];
  const others = sharing(model, item).flatMap((one) => (model.highlights[one.id] ?? []).filter(([begin]) => begin >= STIMULUS_AT));
  return joined([...own, ...others]);
}

/**
 * The marks of each item that changes when this range is marked, or its mark taken off where all of it is marked. A mark in what
 * a set shares is kept with the item it was made on, and can be taken off on every other.
 * @param {Model} model  @param {Item} item  @param {Range} range  @returns {[string, Range[]][]}
 */
export function remarked(model, item, range) {
  const own = model.highlights[item.id] ?? [];
  if (!isMarked(marksOn(model, item), range)) return [[item.id, joined([...own, range])]];
  const holders = range[0] < STIMULUS_AT ? [item] : sharing(model, item);
  const isFixed = (/** @type {Item} */ one) => isForwardOnly(model) && Boolean(model.left[one.id]);
  const isHeld = (/** @type {Item} */ one) => (model.highlights[one.id] ?? []).some(([from, to]) => from < range[1] && range[0] < to);
  return holders.filter((one) => isHeld(one) && !isFixed(one)).map((one) => [one.id, cutOut(model.highlights[one.id], range)]);
}
