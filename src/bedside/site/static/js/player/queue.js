// @ts-check
// The write-ahead queue: an event is on this computer's disk before the screen changes, and leaves when the server has it.
//
// Two stores of one IndexedDB: `sittings` holds the model of each sitting (with the items of its open block, and with
// explanations only where they were revealed), `events` what still has to be sent. One transaction writes both.

/** @typedef {import("./model.js").Model} Model */
/**
 * @typedef {object} Waiting
 * @property {string} sitting
 * @property {string} writer
 * @property {number} seq
 * @property {string} type
 * @property {any} fields
 * @property {number} elapsed_ms since the synchronisation numbered `sync`
 * @property {number} sync
 */

/** @typedef {Store | MemoryStore} Keeper */

const NAME = "bedside";
const VERSION = 1;

/** @template T  @param {IDBRequest<T>} request  @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @param {IDBTransaction} transaction  @returns {Promise<void>} */
const complete = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("sittings", { keyPath: "id" });
    request.result.createObjectStore("events", { keyPath: ["sitting", "writer", "seq"] });
  };
  return done(request);
}

/** The store of this browser, or one in memory where it gives none (`isKept` says which).  @returns {Promise<Keeper>} */
export async function openStore() {
  try {
    return new Store(await openDatabase(), openDatabase);
  } catch {
    return new MemoryStore();
  }
}

class Store {
  isKept = true;

  /** @param {IDBDatabase} database  @param {() => Promise<IDBDatabase>} again opens it anew */
  constructor(database, again) {
    this.database = database;
    this.again = again;
  }

  /** @param {string} id  @returns {Promise<Model | undefined>} */
  read(id) {
    return done(this.database.transaction("sittings").objectStore("sittings").get(id));
  }

  /** @param {Model} model  @param {Waiting} [event] */
  async write(model, event) {
    try {
      await this.put(model, event);
    } catch (error) {
      // the browser closes a database that it cleans up or moves: opened once more, then the error stands
      if (!(error instanceof DOMException && error.name === "InvalidStateError")) throw error;
      this.database = await this.again();
      await this.put(model, event);
    }
  }

  /** @param {Model} model  @param {Waiting} [event] */
  async put(model, event) {
    // strict: the answer is on the disk, not only in the system's memory
    const transaction = this.database.transaction(["sittings", "events"], "readwrite", { durability: "strict" });
    transaction.objectStore("sittings").put(model);
    if (event) transaction.objectStore("events").put(event);
    await complete(transaction);
  }

  /** All that waits for this sitting, in order.  @param {string} id  @returns {Promise<Waiting[]>} */
  async waiting(id) {
    const range = IDBKeyRange.bound([id], [id, []]);
    const events = await done(this.database.transaction("events").objectStore("events").getAll(range));
    return events.sort((a, b) => a.seq - b.seq);
  }

  /** @param {string} id  @param {string} writer  @param {number} seq up to which the server has everything */
  async drop(id, writer, seq) {
    const transaction = this.database.transaction("events", "readwrite");
    transaction.objectStore("events").delete(IDBKeyRange.bound([id, writer, 0], [id, writer, seq]));
    await complete(transaction);
  }

  /** @param {string} id */
  async forget(id) {
    const transaction = this.database.transaction(["sittings", "events"], "readwrite");
    transaction.objectStore("sittings").delete(id);
    transaction.objectStore("events").delete(IDBKeyRange.bound([id], [id, []]));
    await complete(transaction);
  }
}

/** The same contract, for a browser that keeps nothing. */
class MemoryStore {
  isKept = false;
  /** @type {Map<string, Model>} */ models = new Map();
  /** @type {Waiting[]} */ events = [];

  /** @param {string} id */
  async read(id) {
    return this.models.get(id);
  }

  /** @param {Model} model  @param {Waiting} [event] */
  async write(model, event) {
    this.models.set(model.id, model);
    if (event) this.events.push(event);
  }

  /** @param {string} id */
  async waiting(id) {
    return this.events.filter((event) => event.sitting === id).sort((a, b) => a.seq - b.seq);
  }

  /** @param {string} id  @param {string} writer  @param {number} seq */
  async drop(id, writer, seq) {
    this.events = this.events.filter((event) => !(event.sitting === id && event.writer === writer && event.seq <= seq));
  }

  /** @param {string} id */
  async forget(id) {
    this.models.delete(id);
    this.events = this.events.filter((event) => event.sitting !== id);
  }
}
