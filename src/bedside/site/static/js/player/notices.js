// @ts-check
// What is said without being asked: warnings of time, words of the proctor, trouble. It stands in a strip below the bar until
// it is put away, is spoken politely, and covers nothing. Reader-safe, it only stands there.

import { make, say } from "../words.js";
import { settings } from "./settings.js";
import { toggleBeside } from "./tools.js";
import { part } from "./view.js";

/** For a screen reader, politely, and in words that differ from the last: what answers to an act.  @param {string} text */
export function announce(text) {
  const said = part("said");
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = text;
  });
}

/** A line in the strip; one of the same name takes the place of the last.  @param {string} name  @param {string} text  @param {() => void} [onAway] */
export function notice(name, text, onAway) {
  takeAway(name);
  const line = make("li", { "data-name": name }, make("span", {}, text));
  const away = () => {
    line.remove();
    onAway?.();
    drawStrip();
  };
  line.append(make("button", { type: "button", onclick: away }, say("put_away")));
  part("notices").append(line);
  drawStrip();
}

/** The same, and spoken unless that is for asking only.  @param {string} name  @param {string} text  @param {() => void} [onAway] */
export function tell(name, text, onAway) {
  notice(name, text, onAway);
  if (!settings.reader_safe) announce(text);
}

/** @param {string} name */
export function takeAway(name) {
  part("notices").querySelector(`[data-name="${name}"]`)?.remove();
  drawStrip();
}

/** Put the newest away; answers whether there was one. */
export function putAwayLast() {
  const button = /** @type {HTMLElement | undefined} */ ([...part("notices").querySelectorAll("button")].pop());
  button?.click();
  return button !== undefined;
}

const drawStrip = () => part("notices").toggleAttribute("hidden", !part("notices").childElementCount);

/** New words of the proctor, each until it is put away.  @param {import("./session.js").Session} session */
export function showMessages(session) {
  const { messages, read } = session.model;
  for (const { n, text } of messages) {
    const name = `message-${n}`;
    if (n <= read || part("notices").querySelector(`[data-name="${name}"]`)) continue;
    tell(name, say("message", { text }), () => void session.keep((model) => ({ ...model, read: Math.max(model.read, n) })));
  }
}

/** All words of the proctor, the newest first.  @param {import("./model.js").Message[]} messages */
export function openMessages(messages) {
  const rows = [...messages].reverse().map(({ at, text }) => make("li", {}, make("time", { class: "quiet", datetime: at }, new Date(at).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" })), make("p", {}, text)));
  part("messages-list").replaceChildren(...rows);
  part("messages-none").hidden = rows.length > 0;
  toggleBeside("messages");
}
