// @ts-check
// The words that scripts put on the screen. They come translated from the page, in its JSON blocks.

/** @param {string} id  @returns {any} what the JSON block of that id holds, or an empty object */
export function readBlock(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent ?? "{}") : {};
}

const words = readBlock("words");

/**
 * @param {string} name of the text
 * @param {Record<string, string | number>} [values] for its {places}
 */
export function say(name, values = {}) {
  const text = words[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (/** @type {string} */ whole, /** @type {string} */ key) => String(values[key] ?? whole));
}

const plurals = new Intl.PluralRules(document.documentElement.lang || "en");

/** "1 item", "2 items"; the words are `NAME_one` and `NAME_other`.  @param {"items" | "minutes"} name  @param {number} n */
export function counted(name, n) {
  return say(plurals.select(n) === "one" ? `${name}_one` : `${name}_other`, { n });
}

/**
 * An element with its attributes and children; strings become text, never HTML.
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `onclick` and the like are listeners, false and null leave an attribute out
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined).map(asNode));
  return element;
}

/** @param {any} child  @returns {Node | string} */
const asNode = (child) => child;

/** An icon of the page's sprite; decoration only, so a name stands beside it.  @param {string} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}
