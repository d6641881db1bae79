// @ts-check
// Decimal numbers as text, compared exactly: 7.35 lies within 7.37 ± 0.02, whatever binary fractions say of it.

const NUMBER = /^([+-]?)(?:(\d{1,15})(?:\.(\d{0,15}))?|\.(\d{1,15}))$/;

/** What was typed as the server takes it (a comma is read as the point), or null where it is no number.  @param {string} typed  @returns {string | null} */
export function asDecimal(typed) {
  const plain = typed.trim().replace(/[−–]/g, "-").replace(",", ".");
  return NUMBER.test(plain) ? plain : null;
}

/** In units of 10⁻¹⁵, so that all numbers that are taken are whole.  @param {string} text */
function scaled(text) {
  const [, sign, whole = "0", fraction = "", bare = ""] = NUMBER.exec(text) ?? [];
  const value = BigInt(`${whole}${(fraction || bare).padEnd(15, "0")}`);
  return sign === "-" ? -value : value;
}

/** Is |value - key| ≤ tolerance? The same rule as the server's.  @param {string} value  @param {string} key  @param {string} tolerance */
export function isWithin(value, key, tolerance) {
  const difference = scaled(value) - scaled(key);
  return (difference < 0n ? -difference : difference) <= scaled(tolerance);
}
