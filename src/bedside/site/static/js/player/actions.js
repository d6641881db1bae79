// @ts-check
// What a person can do in the player: one function a verb. By mouse and by key they are the same. They run one after the
// other, each when the one before is written down, so that quick keys find the state that they were meant for.

import { say } from "../words.js";
import { selectedRange, sentences } from "./highlight.js";
import { chosen, currentIndex, currentItem, isLocked, toggled, without } from "./model.js";
import { part, refreshMarks } from "./view.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {(...values: any[]) => any} Verb */
/**
 * @typedef {object} Screen
 * @property {() => "item" | "review"} now
 * @property {(name: "item" | "review") => void} show
 * @property {(name: "item" | "review") => void} turnTo shown with the next change
 * @property {(text: string) => void} announce
 * @property {() => void} confirmEnd
 * @property {() => void} offerSentences
 */

/** @param {Session} session  @param {Screen} screen */
export function makeActions(session, screen) {
  const item = () => currentItem(session.model);
  const isOpen = () => session.model.phase === "in_block" && !session.isTaken;
  const mayAnswer = () => isOpen() && !isLocked(session.model, item().id);

  /** @param {string[]} choice  @param {string | null} confidence */
  function answer(choice, confidence) {
    const id = item().id;
    const fields = { item: id, choice, ms: session.msOn(id), ...(confidence ? { confidence } : {}) };
    return session.record("answered", fields);
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
    return choice.length ? answer(choice, sureness()) : clear();
  }

  /** Tutor mode: chosen, and sent only when confirmed.  @param {string[]} choice */
  function pick(choice) {
    const id = item().id;
    return session.keep((model) => ({ ...model, picked: choice.length ? { ...model.picked, [id]: choice } : without(model.picked, id) }));
  }

  const sureness = () => session.model.answers[item().id]?.confidence ?? session.model.sureness[item().id] ?? null;

  /** @param {"sure" | "unsure"} name */
  async function setSure(name) {
    const id = item().id;
    if (!mayAnswer() || !chosen(session.model, id).length) return;
    const next = sureness() === name ? null : name;
    await session.keep((model) => ({ ...model, sureness: { ...model.sureness, [id]: next } }));
    if (session.model.mode !== "tutor") await answer(chosen(session.model, id), next);
    screen.announce(next ? say(next) : say("sureness_off"));
  }

  async function clear() {
    const id = item().id;
    if (!mayAnswer() || !chosen(session.model, id).length) return;
    if (session.model.mode === "tutor") await pick([]);
    else await session.record("cleared", { item: id });
    screen.announce(say("cleared"));
  }

  /** Enter: on the item confirm or go on, in the review end. */
  const enter = () => (screen.now() === "review" ? screen.confirmEnd() : goOn());

  /** Confirm the choice, or go on.  @returns {Promise<void> | void} */
  function goOn() {
    const { model } = session;
    const picked = model.picked[item().id];
    if (model.mode === "tutor" && picked?.length && mayAnswer()) return answer(picked, sureness());
    if (model.mode === "tutor" && mayAnswer() && !picked?.length) screen.announce(say("nothing_chosen"));
    return next();
  }

  /** @returns {Promise<void> | void} */
  function next() {
    const index = currentIndex(session.model) + 1;
    if (index < session.model.items.length) return goTo(index);
    return screen.show("review");
  }

  function previous() {
    const index = currentIndex(session.model) - 1;
    return index >= 0 ? goTo(index) : undefined;
  }

  /** @param {number} index */
  async function goTo(index) {
    const target = session.model.items[index];
    if (!target || !isOpen()) return;
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
    const range = selectedRange(part("stem"));
    if (!range) {
      screen.offerSentences();
      return undefined;
    }
    getSelection()?.removeAllRanges();
    return markRange(range);
  }

  /** @param {import("./model.js").Range} range */
  async function markRange(range) {
    const id = item().id;
    await session.record("highlighted", { item: id, ranges: toggled(session.model.highlights[id] ?? [], range) });
    refreshMarks(session.model);
  }

  /** @param {string} text  @param {string} id of the item whose note it is */
  function note(text, id) {
    return isOpen() && text !== (session.model.notes[id] ?? "") ? session.record("noted", { item: id, text }) : undefined;
  }

  async function endBlock() {
    if (!isOpen()) return;
    session.foldVisit();
    const { block, blocks } = session.model;
    await session.record("block_closed", { block });
    if (block === blocks.length) await session.record("finished");
  }

  const review = () => isOpen() && screen.show("review");
  const stemSentences = () => sentences(part("stem"));

  let turns = Promise.resolve();
  /** @template {Verb} T  @param {T} verb  @returns {(...values: Parameters<T>) => Promise<void>} */
  const inTurn = (verb) => (...values) => {
    turns = turns.then(() => (session.model && !session.isTaken ? verb(...values) : undefined));
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
    markRange: inTurn(markRange),
    note: inTurn(note),
    review: inTurn(review),
    endBlock: inTurn(endBlock),
    stemSentences,
  };
}
