// @ts-check
// The pictures and sounds of an open block, kept on this computer so that the block goes on without network. The service
// worker answers from the same cache; where the browser has none, its own cache of the network does what it can.

/** @typedef {import("./model.js").Model} Model */

const CACHE = "bedside-media";
const ADDRESS = /\bsrc="(\/media\/[^"]+)"/g;

/** The addresses of all that the block shows and plays.  @param {Model} model  @returns {string[]} */
export function mediaOf(model) {
  const texts = model.items.flatMap((item) => [item.stem_html, item.lead_in_html, ...(item.earlier_html ?? []), ...item.options.map((option) => option.html)]);
  const all = [...texts, ...Object.values(model.sets).map((set) => set.stimulus_html)].join(" ");
  return [...new Set([...all.matchAll(ADDRESS)].map(([, address]) => address))];
}

/** Fetch what is not here yet. Answers what is kept now; what could not be fetched is asked for again when it is shown.  @param {Model} model */
export async function keepMedia(model) {
  const kept = [];
  try {
    const cache = await caches.open(CACHE);
    for (const address of mediaOf(model)) {
      if (!(await cache.match(address))) await cache.add(address).catch(() => undefined);
      if (await cache.match(address)) kept.push(address);
    }
  } catch {
    return kept; // a browser without a cache of pages
  }
  return kept;
}

/** The sitting is over: nothing of it stays.  @param {string[]} addresses */
export async function dropMedia(addresses) {
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(addresses.map((address) => cache.delete(address)));
  } catch {
    // nothing was kept
  }
}
