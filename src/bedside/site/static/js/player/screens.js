// @ts-check
// The screens beside the item: before a block, its review, after its end, and what is said when the sitting can't go on here.

import { icon, make, say } from "../words.js";
import { signOf } from "./frame.js";
import { counts, currentIndex, nextBlock } from "./model.js";
import { part } from "./view.js";

/** @typedef {import("./model.js").Model} Model */

/** @param {string} title  @param {...(Node | string | null)} rest */
function page(title, ...rest) {
  const heading = make("h2", { tabindex: "-1" }, title);
  part("page").replaceChildren(heading, ...rest.filter((node) => node !== null));
  part("revealed").replaceChildren();
  part("notes").hidden = true;
  heading.focus();
}

/** @param {string} label  @param {() => void} onclick */
const mainButton = (label, onclick) => make("button", { type: "button", class: "main", id: "go", "data-enter": "", onclick }, label);

/** Only the page is left: nothing to go on to, nothing to use.  @param {boolean} isAlone */
export function setAlone(isAlone) {
  document.body.dataset.screen = isAlone ? "alone" : "work";
  for (const id of ["rail", "tools", "tools-toggle", "foot-bar"]) part(id).hidden = isAlone;
}

/** Before a block: how many items and minutes, and that the clock starts with the button.  @param {Model} model  @param {() => void} begin */
export function drawIntro(model, begin) {
  const n = nextBlock(model);
  const block = model.blocks.find((other) => other.n === n) ?? model.blocks[0];
  const isTimed = block.minutes !== null && block.minutes !== undefined;
  setAlone(true);
  part("place").textContent = model.blocks.length > 1 ? say("block_of", { n, of: model.blocks.length }) : say("block_ready");
  page(
    isTimed ? say("intro_timed", { items: block.items, minutes: block.minutes ?? 0 }) : say("intro_untimed", { items: block.items }),
    make("p", {}, say(model.mode === "tutor" ? "intro_tutor" : "intro_after")),
    isTimed ? make("p", {}, say("intro_clock")) : null,
    make("p", { class: "quiet" }, say("intro_keys")),
    make("p", { class: "actions" }, mainButton(say("begin"), begin)),
  );
}

/** Every item with its state in words, and the way to the end.  @param {Model} model  @param {(index: number) => void} goTo */
export function drawReview(model, goTo) {
  const { items, answered, open, flagged } = counts(model);
  const tiles = model.items.map((item, index) => {
    const [state, sign] = signOf(model, item.id);
    const isFlagged = Boolean(model.flagged[item.id]);
    const isOpen = !(item.id in model.answers);
    return make(
      "li",
      {},
      make(
        "button",
        { type: "button", class: isOpen ? "is-open" : null, "aria-current": index === currentIndex(model) ? "step" : null, onclick: () => goTo(index) },
        make("span", { class: "nth" }, String(index + 1)),
        make("span", { class: "state" }, state, isFlagged ? make("span", {}, `, ${say("state_flagged")}`) : null),
        isFlagged ? icon("flag") : sign ? icon(sign) : null,
      ),
    );
  });
  page(
    say("review"),
    make("p", {}, say("review_summary", { answered, items, open, flagged })),
    make("ol", { class: "grid-of-items" }, ...tiles),
    make("p", { class: "quiet" }, say("review_how")),
  );
}

/** After the end: what still has to be sent, or the way to the report.  @param {boolean} byClock  @param {number} waiting  @param {boolean} isFailing */
export function drawEnded(byClock, waiting, isFailing) {
  const title = say(byClock ? "time_up" : "ended");
  setAlone(true);
  part("place").textContent = title;
  const text = waiting === 0 ? say("ended_saved") : isFailing ? say("ended_offline", { n: waiting }) : say("ended_sending");
  const now = part("page").querySelector("#ended");
  if (now) now.textContent = text;
  else page(title, make("p", { id: "ended", role: "status" }, text));
}

/** Another tab or computer has the sitting.  @param {"tab" | "computer"} where  @param {number} waiting */
export function drawTaken(where, waiting) {
  setAlone(true);
  part("place").textContent = say("taken");
  page(
    say(where === "tab" ? "taken_tab" : "taken_computer"),
    waiting ? make("p", {}, say("taken_waiting", { n: waiting })) : make("p", {}, say("taken_safe")),
    make("p", { class: "actions" }, mainButton(say("continue_here"), () => location.reload())),
  );
}

/** The sitting can't be opened.  @param {string} title  @param {string} text */
export function drawTrouble(title, text) {
  setAlone(true);
  part("place").textContent = "";
  page(
    title,
    make("p", {}, text),
    make("p", { class: "actions" }, mainButton(say("try_again"), () => location.reload()), make("a", { class: "button", href: "/" }, say("to_today"))),
  );
}
