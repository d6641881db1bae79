// @ts-check
// What the player knows: plain data, and functions that answer the next state. No screen, no network, no store.

/**
 * @typedef {{letter: string, html: string}} Option
 * @typedef {{id: string, version: number, position: number, kind: string, stem_html: string, lead_in_html: string, options: Option[]}} Item
 * @typedef {{item: string, key: string[], explanations: Record<string, string>, takeaways: {id: string, text: string}[], sources: string[], status: string}} Revealed
 * @typedef {{choice: string[], confidence: string | null}} Answer
 * @typedef {{n: number, items: number, minutes: number | null}} Block
 * @typedef {[number, number]} Range
 * @typedef {object} Model
 * @property {string} id
 * @property {string} mode
 * @property {string} phase "created", "in_block", "between_blocks", "on_break", "suspended", "finished", "voided"; "time_up" is the player's own
 * @property {Block[]} blocks
 * @property {number | null} block that is open
 * @property {number} last_block that was opened here, 0 before the first
 * @property {Item[]} items of the open block
 * @property {string | null} current id of the item on the screen
 * @property {Record<string, Answer>} answers
 * @property {Record<string, string[]>} picked tutor mode: chosen, and not yet confirmed
 * @property {Record<string, string | null>} sureness "sure" or "unsure", chosen before the answer is sent
 * @property {Record<string, boolean>} flagged
 * @property {Record<string, string[]>} struck
 * @property {Record<string, Range[]>} highlights
 * @property {Record<string, string>} notes
 * @property {Record<string, Revealed>} revealed
 * @property {Record<string, number>} ms on each item, over all visits
 * @property {string | null} writer
 * @property {number} seq the last one given to an event of this writer
 * @property {number} sync the number of the server's last acknowledgement, from which time is counted
 * @property {number} synced_wall when it last did, by this computer's clock; used after a reload only
 * @property {number | null} deadline_wall likewise, for the timer after a reload without network
 */

/** The state that the server tells, in the player's shape.  @param {any} told  @returns {Model} */
export function fromServer(told) {
  /** @type {Model} */
  const model = {
    id: told.id,
    mode: told.mode,
    phase: told.state,
    blocks: told.outline.blocks,
    block: told.block ?? null,
    last_block: told.block ?? 0,
    items: [],
    current: told.current_item ?? null,
    answers: {},
    picked: {},
    sureness: {},
    flagged: Object.fromEntries((told.flagged ?? []).map((/** @type {string} */ id) => [id, true])),
    struck: { ...told.struck },
    highlights: { ...told.highlights },
    notes: { ...told.notes },
    revealed: Object.fromEntries((told.revealed ?? []).map((/** @type {Revealed} */ shown) => [shown.item, shown])),
    ms: {},
    writer: null,
    seq: 0,
    sync: 0,
    synced_wall: 0,
    deadline_wall: null,
  };
  for (const [id, answer] of Object.entries(told.answers ?? {})) {
    model.answers[id] = { choice: answer.choice, confidence: answer.confidence ?? null };
    model.ms[id] = answer.ms ?? 0;
  }
  return model;
}

/**
 * What an event changes. The same rules as the server's fold, for what this player itself does.
 * @param {Model} model  @param {string} type  @param {any} fields  @returns {Model}
 */
export function apply(model, type, fields) {
  const item = fields.item;
  switch (type) {
    case "block_opened":
      return { ...model, last_block: fields.block };
    case "item_shown":
      return { ...model, current: item };
    case "answered": {
      const answer = { choice: fields.choice, confidence: fields.confidence ?? null };
      return { ...model, answers: { ...model.answers, [item]: answer }, picked: without(model.picked, item) };
    }
    case "cleared":
      return { ...model, answers: without(model.answers, item), sureness: without(model.sureness, item) };
    case "flagged":
      return { ...model, flagged: fields.on ? { ...model.flagged, [item]: true } : without(model.flagged, item) };
    case "struck": {
      const rest = (model.struck[item] ?? []).filter((letter) => letter !== fields.option);
      return { ...model, struck: { ...model.struck, [item]: fields.on ? [...rest, fields.option].sort() : rest } };
    }
    case "highlighted":
      return { ...model, highlights: { ...model.highlights, [item]: fields.ranges } };
    case "noted":
      return { ...model, notes: { ...model.notes, [item]: fields.text } };
    case "block_closed":
      return { ...model, phase: model.block === model.blocks.length ? "finished" : "between_blocks" };
    case "finished":
      return { ...model, phase: "finished" };
    default:
      return model;
  }
}

/** @template T  @param {Record<string, T>} record  @param {string} key  @returns {Record<string, T>} */
export function without(record, key) {
  const { [key]: _, ...rest } = record;
  return rest;
}

/** The block that comes next. Its opening may still wait in the queue, so it is never past the last.  @param {Model} model */
export const nextBlock = (model) => Math.min(model.last_block + 1, model.blocks.length);

/** The item on the screen, or the first.  @param {Model} model  @returns {Item} */
export const currentItem = (model) => model.items[currentIndex(model)];

/** @param {Model} model */
export const currentIndex = (model) => Math.max(0, model.items.findIndex((item) => item.id === model.current));

/** What is chosen on the item, sent or not.  @param {Model} model  @param {string} id  @returns {string[]} */
export const chosen = (model, id) => model.picked[id] ?? model.answers[id]?.choice ?? [];

/** May the answer no longer change?  @param {Model} model  @param {string} id */
export const isLocked = (model, id) => model.phase !== "in_block" || (model.mode === "tutor" && id in model.answers);

/** Was the answer the whole key? Null while the key is not known.  @param {Model} model  @param {string} id */
export function isRight(model, id) {
  const shown = model.revealed[id];
  const answer = model.answers[id];
  if (!shown || !answer) return null;
  return [...shown.key].sort().join() === [...answer.choice].sort().join();
}

/** @param {Model} model */
export function counts(model) {
  const answered = model.items.filter((item) => item.id in model.answers).length;
  const flagged = model.items.filter((item) => model.flagged[item.id]).length;
  return { items: model.items.length, answered, open: model.items.length - answered, flagged };
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

/** Marks [begin, end), or takes the mark off where all of it is marked.  @param {Range[]} ranges  @param {Range} range  @returns {Range[]} */
export function toggled(ranges, [begin, end]) {
  const covered = ranges.some(([from, to]) => from <= begin && end <= to);
  if (!covered) return joined([...ranges, [begin, end]]);
  return ranges.flatMap(([from, to]) => {
    if (to <= begin || end <= from) return [/** @type {Range} */ ([from, to])];
    return /** @type {Range[]} */ ([[from, begin], [end, to]]).filter(([left, right]) => left < right);
  });
}
