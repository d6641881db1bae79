// @ts-check
// The last state of a run that this browser has heard of, for its page when that is loaded again without network.

const PREFIX = "bedside-kept-case-";
const MOST = 3; // runs; the oldest goes

/** @param {any} state */
export function keep(state) {
  try {
    localStorage.setItem(PREFIX + state.id, JSON.stringify({ at: Date.now(), state }));
    for (const key of others(state.id).slice(0, -MOST + 1 || undefined)) localStorage.removeItem(key);
  } catch {
    localStorage.removeItem(PREFIX + state.id); // no room: better none than an old one
  }
}

/**
 * What this browser knows of the run: the state of its page, or a later one that it heard of, with real time gone on since.
 * @param {any} loaded @returns {{state: any, isOld: boolean}} is it from this browser, and not from the server just now?
 */
export function newest(loaded) {
  const kept = read(PREFIX + loaded.id);
  if (!kept || Date.parse(kept.state.server_time) < Date.parse(loaded.server_time)) return { state: loaded, isOld: false };
  return { state: aged(kept.state, Math.max(0, Date.now() - kept.at)), isOld: true };
}

/** @param {any} state @param {number} ms */
function aged(state, ms) {
  const less = (/** @type {number | null} */ left) => (left === null ? null : Math.max(0, left - ms));
  return { ...state, spent_ms: state.spent_ms + ms, left_ms: less(state.left_ms), final_ms: less(state.final_ms) };
}

/** The other runs that are kept, the oldest first. @param {string} id */
function others(id) {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX) && key !== PREFIX + id)
    .sort((a, b) => (read(a)?.at ?? 0) - (read(b)?.at ?? 0));
}

/** @param {string} key @returns {{at: number, state: any} | null} */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}
