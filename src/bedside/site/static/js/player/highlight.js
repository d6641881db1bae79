// @ts-check
// Marks in the stem and in what a set shares, kept as ranges of characters over their text, so that they fit whatever the
// markup around it.

/** @typedef {import("./model.js").Range} Range */

// what the player puts beside pictures and sounds is no text of the item, nor are the words on a figure's axes
const ADDED = ".look, .sound, .missing, svg.drawn";

/** @param {Node} root  @returns {Text[]} */
function texts(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (text) =>
    text.parentElement?.closest(ADDED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const found = [];
  while (walker.nextNode()) found.push(/** @type {Text} */ (walker.currentNode));
  return found;
}

/** What is selected inside `root`, as a range of its characters; null where nothing is.  @param {HTMLElement} root  @returns {Range | null} */
export function selectedRange(root) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(root)) return null;
  let at = 0;
  let begin = -1;
  let end = -1;
  for (const text of texts(root)) {
    if (range.intersectsNode(text)) {
      const from = text === range.startContainer ? range.startOffset : 0;
      const to = text === range.endContainer ? range.endOffset : text.length;
      if (from < to && begin < 0) begin = at + from;
      if (from < to) end = at + to;
    }
    at += text.length;
  }
  return begin < 0 ? null : [begin, end];
}

/** Put marks around these ranges; `root` holds none yet.  @param {HTMLElement} root  @param {Range[]} ranges */
export function mark(root, ranges) {
  let at = 0;
  for (const text of texts(root)) {
    const length = text.length;
    const inside = ranges.map(([from, to]) => [Math.max(from - at, 0), Math.min(to - at, length)]).filter(([from, to]) => from < to);
    // from the last to the first, so that earlier offsets stay true
    for (const [from, to] of inside.reverse()) {
      const middle = from > 0 ? text.splitText(from) : text;
      if (to - from < middle.length) middle.splitText(to - from);
      if (!middle.data.trim()) continue;
      const wrap = document.createElement("mark");
      middle.replaceWith(wrap);
      wrap.append(middle);
    }
    at += length;
  }
}

/**
 * The sentences and the rows of tables in here, for marking without a pointer.
 * @param {HTMLElement} root  @returns {{range: Range, text: string}[]}
 */
export function sentences(root) {
  const all = texts(root);
  /** @type {{range: Range, text: string}[]} */
  const found = [];
  for (const block of root.querySelectorAll("p, li, tr, .lead-in:not(:has(p))")) {
    const inside = all.filter((text) => block.contains(text));
    if (!inside.length) continue;
    const begin = all.slice(0, all.indexOf(inside[0])).reduce((sum, text) => sum + text.length, 0);
    const whole = inside.map((text) => text.data).join("");
    for (const [from, to] of block.tagName === "TR" ? [[0, whole.length]] : cut(whole)) {
      const text = block.tagName === "TR" ? cells(block) : whole.slice(from, to).trim();
      if (text) found.push({ range: [begin + from, begin + to], text });
    }
  }
  return found;
}

/** @param {Element} row */
const cells = (row) => [...row.children].map((cell) => cell.textContent?.trim()).filter(Boolean).join(": ");

/** @param {string} text  @returns {Range[]} */
function cut(text) {
  if (!("Segmenter" in Intl)) return [[0, text.length]];
  const segmenter = new Intl.Segmenter(document.documentElement.lang, { granularity: "sentence" });
  return [...segmenter.segment(text)].map(({ index, segment }) => [index, index + segment.trimEnd().length]);
}
