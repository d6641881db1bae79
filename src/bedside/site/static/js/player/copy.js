// @ts-check
// A copy of what the server does not have yet, as a file, for a stick: `bedside sitting merge` takes it in on any computer.

import { make } from "../words.js";

const FORMAT = "bedside-events/1";

/** @param {string} sitting  @param {import("./queue.js").Waiting[]} waiting  @param {string} exported_at */
export function copyOf(sitting, waiting, exported_at) {
  const writers = [...new Set(waiting.map((event) => event.writer))].map((writer) => ({
    writer,
    events: waiting
      .filter((event) => event.writer === writer)
      .map(({ seq, type, fields, elapsed_ms, sync }) => ({ seq, type, fields, elapsed_ms, sync })),
  }));
  return { format: FORMAT, sitting, exported_at, writers };
}

/** Give it to the browser to save. Answers how many events it holds.  @param {string} sitting  @param {import("./queue.js").Keeper} store */
export async function saveCopy(sitting, store) {
  const waiting = await store.waiting(sitting);
  const at = new Date().toISOString();
  const text = JSON.stringify(copyOf(sitting, waiting, at), null, 1);
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const name = `bedside-${sitting.slice(0, 8)}-${at.slice(0, 19).replace(/[:T]/g, "-")}.json`;
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return waiting.length;
}
