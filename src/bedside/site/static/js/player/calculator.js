// @ts-check
// The four operations, powers, roots, brackets and per cent, by recursive descent. Nothing is ever evaluated as code.

const TOKEN = /\s*(\d+(?:\.\d*)?|\.\d+|[-+*/^()%√])/y;
const MAX_LENGTH = 200;

/** The value of what was typed, or null where it is not finished or has no value.  @param {string} text  @returns {number | null} */
export function calculate(text) {
  const found = split(text);
  if (!found || !found.length) return null;
  const tokens = found;
  let at = 0;
  const peek = () => tokens[at];

  /** @returns {number} */
  function sum() {
    let value = product();
    while (peek() === "+" || peek() === "-") value = tokens[at++] === "+" ? value + product() : value - product();
    return value;
  }

  /** @returns {number} */
  function product() {
    let value = signed();
    while (peek() === "*" || peek() === "/") value = tokens[at++] === "*" ? value * signed() : value / signed();
    return value;
  }

  /** @returns {number} */
  function signed() {
    if (peek() !== "-") return power();
    at += 1;
    return -signed();
  }

  /** @returns {number} */
  function power() {
    const base = atom();
    if (peek() !== "^") return base;
    at += 1;
    return base ** signed();
  }

  /** @returns {number} */
  function atom() {
    const token = tokens[at++];
    let value = NaN;
    if (token === "√") value = Math.sqrt(atom());
    else if (token === "(") {
      value = sum();
      if (tokens[at++] !== ")") return NaN;
    } else value = Number.parseFloat(token ?? "");
    while (peek() === "%") {
      at += 1;
      value /= 100;
    }
    return value;
  }

  const value = sum();
  return at === tokens.length && Number.isFinite(value) ? value : null;
}

/** @param {string} text  @returns {string[] | null} */
function split(text) {
  const plain = text.replaceAll("×", "*").replaceAll("÷", "/").replaceAll("−", "-").replaceAll(",", ".").trim();
  if (plain.length > MAX_LENGTH) return null;
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < plain.length) {
    const match = TOKEN.exec(plain);
    if (!match) return null;
    tokens.push(match[1]);
  }
  return tokens;
}

/** Up to ten significant digits, without the dust of binary fractions.  @param {number} value */
export const asText = (value) => String(Number(value.toPrecision(10)));
