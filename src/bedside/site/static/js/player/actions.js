// @ts-check
// What a person can do in the player: one function a verb. By mouse and by key they are the same. They run one after the
// other, each when the one before is written down, so that quick keys find the state that they were meant for.

import { say } from "../words.js";
import { asDecimal } from "./decimal.js";
import { drawUndone } from "./frame.js";
import { selectedRange, sentences } from "./highlight.js";
import { chosen, currentIndex, currentItem, isLocked, isReachable, locksOnLeaving, mayEndEarly, neighbour, remarked, without } from "./model.js";
import { typedIn } from "./number.js";
import { markable, refreshMarks } from "./view.js";
import { focusConfused, missed, reasonsFor } from "./why.js";

const MOST_TRIED = 50; // choices on one item that are remembered before it is confirmed

/** @typedef {import("./session.js").Session} Session */
/** @typedef {(...values: any[]) => any} Verb */
/**
 * @typedef {object} Screen
 * @property {() => "item" | "review"} now
 * @property {(name: "item" | "review") => void} show
 * @property {(name: "item" | "review") => void} turnTo shown with the next change
 * @property {(text: string) => void} announce
 * @property {() => void} confirmEnd
 * @property {(item: import("./model.js").Item) => void} confirmMoveOn
 * @property {() => void} offerSentences
 */

/** @param {Session} session  @param {Screen} screen */
export function makeActions(session, screen) {
  const item = () => currentItem(session.model);
  const isOpen = () => session.model.phase === "in_block" && !session.isTaken;
  const mayAnswer = () => isOpen() && !isLocked(session.model, item().id);

  /** @param {{choice: string[]} | {value: string}} given  @param {string | null} confidence  @param {string} [id] */
  function answer(given, confidence, id = item().id) {
    const fields = { item: id, ...given, ms: session.msOn(id), ...(confidence ? { confidence } : {}) };
    return session.record("answered", fields);
  }

  /** What stands on the item, to be said anew or confirmed.  @returns {{choice: string[]} | {value: string} | null} */
  function standing() {
    const { id, kind } = item();
    const value = kind === "numeric" ? asDecimal(typedIn(session.model, id)) : null;
    const choice = chosen(session.model, id);
    return value !== null ? { value } : choice.length ? { choice } : null;
  }

  /** @param {string} letter */
  function choose(letter) {
    if (!mayAnswer() || !item().options.some((option) => option.letter === letter)) return undefined;
    const before = chosen(session.model, item().id);
    const isMultiple = item().kind === "multiple_select";
    if (!isMultiple && before.includes(letter)) return undefined;
    const rest = before.filter((other) => other !== letter);
    const choice = !isMultiple ? [letter] : (rest.length < before.length ? rest : [...before, letter]).sort();
    if (session.model.mode === "tutor") return pick(choice);
    return choice.length ? answer({ choice }, sureness()) : clear();
  }

  /** Each key in the field of a numeric item.  @param {string} id  @param {string} text */
  const type = (id, text) => session.keep((model) => (isLocked(model, id) ? model : { ...model, typed: { ...model.typed, [id]: text } }));

  /** What stands in the field becomes the answer, where it is a number; an empty field takes the answer back.  @param {string} id */
  function give(id) {
    const { model } = session;
    const isNumeric = model.items.some((one) => one.id === id && one.kind === "numeric");
    if (!isNumeric || !isOpen() || isLocked(model, id) || model.mode === "tutor") return undefined;
    const typed = typedIn(model, id);
    const value = asDecimal(typed);
    const known = model.answers[id];
    if (!typed.trim() && known) return session.record("cleared", { item: id });
    return value !== null && value !== known?.value ? answer({ value }, known?.confidence ?? model.sureness[id] ?? null, id) : undefined;
  }

  /** Tutor mode: chosen, and sent only when confirmed.  @param {string[]} choice */
  function pick(choice) {
    const id = item().id;
    return session.keep((model) => ({
      ...model,
      picked: choice.length ? { ...model.picked, [id]: choice } : without(model.picked, id),
      tried: { ...model.tried, [id]: [...(model.tried[id] ?? []), choice].slice(-MOST_TRIED) },
    }));
  }

  /** Why the answer was wrong, once that is known; said anew, the last counts.  @param {string} reason  @param {string} [confusedWith] */
  async function why(reason, confusedWith) {
    const here = item();
    if (!isOpen() || !reasonsFor(session.model, here).includes(reason)) return;
    const preset = reason === "confused" ? missed(session.model, here.id) : "";
    if (preset && confusedWith === undefined) focusConfused(preset);
    await session.sayings.say(here.id, reason, confusedWith ?? preset);
    screen.announce(say("why_kept", { why: say(`why_${reason}`) }));
  }

  const sureness = () => session.model.answers[item().id]?.confidence ?? session.model.sureness[item().id] ?? null;

  /** @param {"sure" | "unsure"} name */
  async function setSure(name) {
    const id = item().id;
    if (!mayAnswer() || !standing()) return;
    const next = sureness() === name ? null : name;
    await session.keep((model) => ({ ...model, sureness: { ...model.sureness, [id]: next } }));
    const given = standing();
    if (session.model.mode !== "tutor" && given) await answer(given, next);
    screen.announce(next ? say(next) : say("sureness_off"));
  }

  async function clear() {
    const id = item().id;
    if (!mayAnswer() || !(chosen(session.model, id).length || typedIn(session.model, id))) return;
    if (item().kind === "numeric") await type(id, "");
    if (session.model.mode === "tutor") await pick([]);
    else if (id in session.model.answers) await session.record("cleared", { item: id });
    screen.announce(say("cleared"));
  }

  /** Enter: on the item confirm or go on, in the review end. */
  const enter = () => (screen.now() === "review" ? screen.confirmEnd() : goOn());

  /** Confirm the choice, or go on. */
  async function goOn() {
    const { model } = session;
    const given = standing();
    if (model.mode === "tutor" && given && mayAnswer()) return answer(given, sureness());
    if (model.mode === "tutor" && mayAnswer()) screen.announce(say("nothing_chosen"));
    await give(item().id);
    return next();
  }

  /** @returns {Promise<void> | void} */
  function next() {
    if (!isOpen()) return undefined;
    const here = item();
    if (locksOnLeaving(session.model, here)) return screen.confirmMoveOn(here);
    const held = session.model.items[currentIndex(session.model) + 1];
    if (held?.is_hidden && session.model.left[here.id]) screen.announce(say("part_later"));
    const index = neighbour(session.model, currentIndex(session.model), 1);
    return index >= 0 ? goTo(index) : screen.show("review");
  }

  /** Leave the item for good: it locks, and what follows it comes. */
  async function moveOn() {
    const index = currentIndex(session.model);
    const here = item();
    if (!isOpen() || session.model.left[here.id]) return undefined;
    session.foldVisit();
    await session.record("moved_on", { item: here.id });
    const after = session.model.items[index + 1];
    if (after && !after.is_hidden) return goTo(index + 1);
    screen.announce(say(session.isFailing ? "part_later" : "part_comes"));
    // it may have come before this was written down
    await session.keep((model) => ({ ...model, awaits: here.id }));
    return session.goToPart();
  }

  function previous() {
    const index = neighbour(session.model, currentIndex(session.model), -1);
    return index >= 0 ? goTo(index) : undefined;
  }

  /** @param {number} index */
  async function goTo(index) {
    const target = session.model.items[index];
    if (!isOpen()) return;
    if (!isReachable(session.model, index)) return void screen.announce(say("not_reachable"));
    session.foldVisit();
    screen.turnTo("item");
    await session.record("item_shown", { item: target.id });
  }

  function flag() {
    if (!isOpen()) return undefined;
    const id = item().id;
    const on = !session.model.flagged[id];
    screen.announce(say(on ? "flagged" : "flag_off"));
    return session.record("flagged", { item: id, on });
  }

  /** @param {string} [letter] the option; without one, the one that is chosen */
  function strike(letter) {
    if (!mayAnswer()) return undefined;
    const option = letter ?? chosen(session.model, item().id)[0];
    if (!option) {
      screen.announce(say("strike_how"));
      return undefined;
    }
    const on = !(session.model.struck[item().id] ?? []).includes(option);
    screen.announce(say(on ? "struck" : "strike_off", { letter: option }));
    return session.record("struck", { item: item().id, option, on });
  }

  /** Mark what is selected; with nothing selected, offer the sentences one by one. */
  function highlight() {
    if (!isOpen()) return undefined;
    const ranges = markable().flatMap(({ root, base }) => placed(selectedRange(root), base));
    if (!ranges.length) {
      screen.offerSentences();
      return undefined;
    }
    getSelection()?.removeAllRanges();
    return markRanges(ranges);
  }

  /** @param {import("./model.js").Range[]} ranges */
  async function markRanges(ranges) {
    for (const range of ranges) {
      const changed = remarked(session.model, item(), range);
      if (!changed.length) screen.announce(say("refused_ItemLocked"));
      for (const [id, marks] of changed) await session.record("highlighted", { item: id, ranges: marks });
    }
    refreshMarks(session.model);
  }

  /** @param {string} text  @param {string} id of the item whose note it is */
  function note(text, id) {
    return isOpen() && text !== (session.model.notes[id] ?? "") ? session.record("noted", { item: id, text }) : undefined;
  }

  async function endBlock() {
    if (!isOpen() || !mayEndEarly(session.model)) return;
    session.foldVisit();
    const { block, blocks } = session.model;
    await session.record("block_closed", { block });
    if (block === blocks.length) await session.record("finished");
  }

  /** Stop the clock inside a block, where the candidate may, or take a break between two; and come back. */
  async function pause() {
    const { phase, stop_ms } = session.model;
    if (phase === "in_block" && stop_ms <= 0) return screen.announce(say("no_stop"));
    if (!["in_block", "between_blocks", "paused", "on_break"].includes(phase)) return undefined;
    if (phase === "in_block") session.foldVisit();
    await session.record(phase === "in_block" || phase === "between_blocks" ? "break_started" : "break_ended");
    session.shownSince = performance.now();
    return undefined;
  }

  const review = () => {
    if (isOpen()) screen.show("review");
  };
  const end = () => {
    if (isOpen()) screen.confirmEnd();
  };
  /** @param {Record<string, string | boolean>} values */
  const set = (values) => (["finished", "voided"].includes(session.model.phase) ? undefined : session.record("settings", { values }));
  /** What can be marked without a pointer, text by text. */
  const offered = () =>
    markable().map(({ root, base }) => ({
      isShared: base > 0,
      sentences: sentences(root).map(({ range, text }) => ({ range: placed(range, base)[0], text })),
    }));

  let turns = Promise.resolve();
  let undone = 0; // what was asked for and is not yet written down
  /** @param {number} by */
  const count = (by) => drawUndone((undone += by));
  /** @template {Verb} T  @param {T} verb  @returns {(...values: Parameters<T>) => Promise<void>} */
  const inTurn = (verb) => (...values) => {
    count(1);
    turns = turns.then(() => (session.model && !session.isTaken ? verb(...values) : undefined)).finally(() => count(-1));
    return turns;
  };
  return {
    choose: inTurn(choose),
    setSure: inTurn(setSure),
    clear: inTurn(clear),
    enter: inTurn(enter),
    goOn: inTurn(goOn),
    next: inTurn(next),
    previous: inTurn(previous),
    goTo: inTurn(goTo),
    flag: inTurn(flag),
    strike: inTurn(strike),
    highlight: inTurn(highlight),
    markRanges: inTurn(markRanges),
    note: inTurn(note),
    review: inTurn(review),
    endBlock: inTurn(endBlock),
    end: inTurn(end),
    moveOn: inTurn(moveOn),
    pause: inTurn(pause),
    type: inTurn(type),
    give: inTurn(give),
    why: inTurn(why),
    set: inTurn(set),
    afterAll: inTurn((/** @type {() => unknown} */ verb) => verb()), // once what was done before is written down
    offered,
  };
}

/** Where the range of one text lies among those of all.  @param {import("./model.js").Range | null} range  @param {number} base  @returns {import("./model.js").Range[]} */
const placed = (range, base) => (range ? [[range[0] + base, range[1] + base]] : []);
