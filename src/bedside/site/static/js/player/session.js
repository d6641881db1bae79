// @ts-check
// One sitting in this tab: the model, its store, the clock and the sender. Every change is written down before it shows.

import { Clock } from "./clock.js";
import { moved, runningBy } from "./day.js";
import { dropMedia, keepMedia } from "./media.js";
import { apply, fromServer, fromStore, isExplained, named, withPart, without } from "./model.js";
import { Refused, Sender, call } from "./net.js";
import { openStore } from "./queue.js";
import { Sayings } from "./sayings.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./queue.js").Waiting} Waiting */

const MOVES_THE_DAY = new Set(["started", "block_closed", "break_started", "break_ended"]);
const ASK_AGAIN = 3; // times, where something was done here while the server answered; the next acknowledgement asks anew
const GIFT_MS = 5000; // a deadline that moves by more than this was moved by somebody

/**
 * @typedef {object} Listener
 * @property {() => void} changed the model changed
 * @property {(state: {waiting: number, isFailing: boolean}) => void} saved how many events wait
 * @property {(items: string[]) => void} revealed explanations came
 * @property {(reasons: string[]) => void} refused the rules said no to something that was done here
 * @property {(ms: number) => void} granted the block has more time than this page knew
 * @property {(where: "tab" | "computer") => void} taken another player has the sitting now
 * @property {(text: string) => void} trouble
 */

export class Session {
  clock = new Clock();
  // both are there once `open` has run
  /** @type {Model} */ model = /** @type {any} */ (null);
  /** @type {import("./queue.js").Keeper} */ store = /** @type {any} */ (null);
  /** @type {Sender | undefined} */ sender = undefined;
  /** @type {Promise<void>} */ chain = Promise.resolve();
  sayings = new Sayings(this);
  waiting = 0;
  isFailing = false;
  isTaken = false;
  isBehind = false; // the day moved on here, and the server has not told since what runs now
  shownSince = performance.now();

  /** @param {string} id  @param {Listener} listener */
  constructor(id, listener) {
    this.id = id;
    this.path = `/api/sittings/${id}`;
    this.listener = listener;
  }

  // --- opening -------------------------------------------------------------------------------------------------------

  /** Take the sitting up: from the server where it can be reached, from this computer where not. */
  async open() {
    this.store = await openStore();
    await this.holdLock();
    const saved = await this.store.read(this.id);
    try {
      await this.openFrom(await call("GET", this.path), saved);
    } catch (error) {
      if (error instanceof Refused || !saved?.writer) throw error;
      this.model = fromStore(saved);
      this.takeUpClock(saved, await this.store.waiting(this.id));
      this.isFailing = true;
      this.isBehind = true;
    }
    this.sender = new Sender(`${this.path}/events`, {
      next: () => this.nextBatch(),
      taken: (writer, told) => this.onTaken(writer, told),
      unreadable: (event, error) => this.onUnreadable(event, error),
      superseded: (writer, told) => this.onWriterSuperseded(writer, told),
      changed: ({ isFailing }) => this.tellSaved(isFailing),
    });
    await this.tellSaved(this.isFailing);
    this.sender.wake();
    void this.sayings.begin();
  }

  /** One tab of this browser at a time; an older one learns of it by losing the lock. */
  async holdLock() {
    if (!navigator.locks) return;
    await new Promise((held) => {
      navigator.locks
        .request(`bedside-${this.id}`, { steal: true }, () => new Promise(() => held(undefined)))
        .catch(() => this.onSuperseded("tab"));
    });
  }

  /** @param {any} told  @param {Model | undefined} saved */
  async openFrom(told, saved) {
    const fresh = fromServer(told);
    const pending = await this.store.waiting(this.id);
    this.model = saved ? this.joined(fresh, fromStore(saved)) : fresh;
    if (saved?.writer && saved.writer === told.writer) {
      const seq = Math.max(told.last_seq?.[saved.writer] ?? 0, saved.seq);
      this.model = { ...this.model, writer: saved.writer, seq, sync: saved.sync };
      this.takeUpClock(saved, pending);
    } else {
      await this.takeOver(told.writer);
    }
    this.clock.run(runningBy(told));
    for (const event of pending) this.pass(apply(this.model, event.type, event.fields));
    this.isBehind = pending.some((event) => MOVES_THE_DAY.has(event.type));
    await this.fetchBlock();
    await this.store.write(this.kept());
  }

  /** The server's word, with what only this computer knows.  @param {Model} fresh  @param {Model} known  @returns {Model} */
  joined(fresh, known) {
    const isSame = fresh.block !== null && fresh.block === known.block;
    const { picked, typed, sureness, tried, reasons, earlier, read, media } = known;
    const kept = isSame ? { items: known.items, sets: known.sets, awaits: known.awaits } : {};
    return {
      ...fresh,
      ...kept,
      picked,
      typed,
      sureness,
      tried,
      reasons,
      earlier,
      read,
      media,
      last_block: Math.max(fresh.last_block, known.last_block),
      opening: fresh.block === null ? known.opening : null,
      stop_ms: Math.max(fresh.stop_ms, 0),
      revealed: { ...known.revealed, ...fresh.revealed },
      ms: { ...fresh.ms, ...known.ms },
    };
  }

  /** @param {Model} saved  @param {Waiting[]} pending */
  takeUpClock(saved, pending) {
    const least = pending.filter((event) => event.writer === saved.writer && event.sync === saved.sync);
    this.clock.takeUp(saved.synced_wall, saved.walls, Math.max(0, ...least.map((event) => event.elapsed_ms)));
  }

  /**
   * Become the writer, in the place of the one that the server named. What an earlier player of this browser could not send
   * goes first, under its own name.
   * @param {string | null} supersedes
   */
  async takeOver(supersedes) {
    const { writer } = await call("POST", `${this.path}/writers`, { supersedes });
    this.model = { ...this.model, writer, seq: 0, sync: 0 };
    this.clock.sync();
  }

  /** The items of the open block, once, and what they show and play. */
  async fetchBlock() {
    if (this.model.phase !== "in_block" || this.model.block === null) return;
    const { items: known, left } = this.model;
    const lacks = known.some((item, index) => item.is_hidden && index > 0 && left[known[index - 1].id]);
    if (!known.length || lacks) {
      const block = await call("GET", `${this.path}/blocks/${this.model.block}`);
      const items = named(block.items);
      const sets = Object.fromEntries((block.sets ?? []).map((/** @type {any} */ set) => [set.id, set]));
      this.model = { ...this.model, items, sets, current: this.model.current ?? items[0]?.id ?? null };
    }
    void this.keepWhatShows();
  }

  async keepWhatShows() {
    const media = await keepMedia(this.model);
    if (media.length) await this.keep((model) => ({ ...model, media: [...new Set([...model.media, ...media])] }));
  }

  // --- writing -------------------------------------------------------------------------------------------------------

  /** Write an event down, then let it show, then send it.  @param {string} type  @param {any} [fields]  @returns {Promise<void>} */
  record(type, fields = {}) {
    this.chain = this.chain
      .then(async () => {
        if (this.isTaken) return;
        await this.write(type, fields);
        this.listener.saved({ waiting: this.waiting, isFailing: this.isFailing });
        this.listener.changed();
        this.sender?.wake();
      })
      .catch(() => this.listener.trouble("not_kept"));
    return this.chain;
  }

  /** Change what only this computer knows: a choice not yet confirmed, time on an item.  @param {(model: Model) => Model} change */
  keep(change) {
    this.chain = this.chain
      .then(async () => {
        if (this.isTaken) return;
        this.model = change(this.model);
        await this.store.write(this.kept());
        this.listener.changed();
      })
      .catch(() => this.listener.trouble("not_kept"));
    return this.chain;
  }

  /** @param {string} type  @param {any} fields */
  async write(type, fields) {
    const seq = this.model.seq + 1;
    /** @type {Waiting} */
    const event = {
      sitting: this.id,
      writer: this.model.writer ?? "",
      seq,
      type,
      fields,
      elapsed_ms: this.clock.elapsed(),
      sync: this.model.sync,
    };
    const next = { ...apply(this.model, type, fields), seq };
    const move = moved(this.model, next, this.clock.allLeft());
    await this.store.write(this.kept(move?.model ?? next, move?.left), event);
    this.pass(next);
    this.isBehind ||= MOVES_THE_DAY.has(type);
    this.waiting += 1;
  }

  /** Take the next model, and let run what runs then.  @param {Model} next */
  pass(next) {
    const move = moved(this.model, next, this.clock.allLeft());
    this.model = move?.model ?? next;
    if (move) this.clock.run(move.left);
  }

  /** @param {Model} [model]  @param {Partial<import("./clock.js").Counts>} [left]  @returns {Model} */
  kept(model = this.model, left = undefined) {
    return { ...model, synced_wall: Date.now() - this.clock.elapsed(), walls: this.clock.walls(left) };
  }

  /** Milliseconds on the item on the screen, this visit included.  @param {string} item */
  msOn(item) {
    const visit = item === this.model.current && !document.hidden ? performance.now() - this.shownSince : 0;
    return Math.round((this.model.ms[item] ?? 0) + visit);
  }

  /** End a visit: what it took is added to its item. */
  foldVisit() {
    const item = this.model.current;
    if (item && this.model.phase === "in_block") this.model = { ...this.model, ms: { ...this.model.ms, [item]: this.msOn(item) } };
    this.shownSince = performance.now();
  }

  // --- sending -------------------------------------------------------------------------------------------------------

  async nextBatch() {
    const events = await this.store.waiting(this.id);
    const earlier = events.find((event) => event.writer !== this.model.writer);
    const writer = earlier?.writer ?? this.model.writer ?? "";
    return { writer, events: events.filter((event) => event.writer === writer) };
  }

  /** @param {string} writer  @param {any} told */
  async onTaken(writer, told) {
    const sent = await this.store.waiting(this.id);
    await this.store.drop(this.id, writer, told.acknowledged);
    const isMine = writer === this.model.writer;
    const shown = /** @type {any[]} */ (told.revealed ?? []);
    await this.keep((model) => {
      if (isMine) this.clock.sync(); // together with its number, so that no event falls between
      const next = shown.reduce(revealedIn, { ...model, sync: isMine ? told.sync : model.sync });
      return told.state === model.phase && model.phase === "in_block" ? this.withTime(next, told) : next;
    });
    await this.tellSaved(false);
    if (shown.length) this.listener.revealed(shown.map((one) => one.item));
    void this.sayings.exchange(shown.some(isExplained));
    // that it came back to a day that had ended is no loss, and the page says where it stands
    const isDone = (/** @type {number} */ seq) => sent.some((event) => event.writer === writer && event.seq === seq && event.type !== "resumed");
    const refused = (told.refused ?? []).filter((/** @type {any} */ one) => isDone(one.seq));
    if (isMine && refused.length) this.listener.refused(refused.map((/** @type {any} */ one) => one.reason));
    await this.goToPart();
    // a block that opened with no time left has closed at once, and stands where it stood
    const isBehind = !isMine || told.refused?.length || told.state !== this.model.phase || this.model.opening !== null || this.isBehind;
    if (isBehind && !(await this.store.waiting(this.id)).length) await this.reload();
  }

  /** The server's word for the time of the open block.  @param {Model} model  @param {any} told  @returns {Model} */
  withTime(model, told) {
    const known = this.clock.left("block");
    this.clock.run({ block: told.remaining_ms });
    if (known !== null && told.remaining_ms - known > GIFT_MS) this.listener.granted(told.remaining_ms);
    return { ...model, break_ms: told.break_ms === undefined ? model.break_ms : told.break_ms };
  }

  /** Go to the part of a set that was waited for, once it is here. */
  async goToPart() {
    const { awaits, items, current } = this.model;
    if (!awaits || awaits !== current) return;
    const part = items[items.findIndex((item) => item.id === awaits) + 1];
    if (!part || part.is_hidden) return;
    this.foldVisit();
    void this.keepWhatShows();
    await this.record("item_shown", { item: part.id });
  }

  /** Take the server's word for where the sitting stands. */
  async reload() {
    this.isBehind = false;
    let isIn = false;
    for (let left = ASK_AGAIN; !isIn && left > 0; left -= 1) isIn = await this.takeIn(await call("GET", this.path));
    this.isBehind ||= !isIn;
    const isNew = !this.model.items.length && this.model.phase === "in_block";
    await this.fetchBlock();
    if (isNew && this.model.current) await this.record("item_shown", { item: this.model.current });
    else await this.keep((model) => model);
  }

  /** The server's state, with what was done here since it was asked. False where it was asked too early to be of use.  @param {any} told  @returns {Promise<boolean>} */
  takeIn(told) {
    const fresh = fromServer(told);
    const taken = this.chain.then(async () => {
      const { writer, seq, sync, phase } = this.model;
      const pending = (await this.store.waiting(this.id)).filter((event) => event.writer === writer);
      const heard = told.last_seq?.[writer ?? ""] ?? 0;
      if (heard < (pending[0]?.seq ?? seq + 1) - 1) return false;
      const known = phase === "in_block" && fresh.phase === "in_block" ? this.clock.left("block") : null;
      const current = fresh.block === this.model.block ? this.model.current : fresh.current;
      this.model = { ...this.joined(fresh, this.model), opening: null, current, writer, seq, sync };
      this.clock.run(runningBy(told));
      for (const event of pending) if (event.seq > heard) this.pass(apply(this.model, event.type, event.fields));
      await this.store.write(this.kept());
      if (known !== null && told.remaining_ms - known > GIFT_MS) this.listener.granted(told.remaining_ms);
      this.listener.changed();
      return true;
    });
    this.chain = taken.then(() => undefined, () => this.listener.trouble("not_kept"));
    return taken;
  }

  /** What the server told between two batches of a proctored sitting.  @param {any} told */
  async hear(told) {
    if (this.waiting > 0 || this.isTaken) return;
    if (told.state !== this.model.phase || (told.block ?? null) !== this.model.block) return void (await this.reload());
    await this.keep((model) => {
      const next = { ...model, messages: told.messages ?? model.messages, reason: told.suspended_reason ?? model.reason };
      return model.phase === "in_block" ? this.withTime(next, told) : next;
    });
  }

  /** @param {Waiting} event  @param {Refused} error */
  async onUnreadable(event, error) {
    // its number must not stay empty: the server takes a writer's events without a gap
    await this.store.write(this.kept(), { ...event, type: "resumed", fields: {} });
    this.listener.trouble(error.message);
  }

  /** An earlier player of this browser had its last word; or this one is told that another took over.  @param {string} writer  @param {any} told */
  async onWriterSuperseded(writer, told) {
    const isMine = writer === this.model.writer;
    const before = (await this.store.waiting(this.id)).length;
    await this.store.drop(this.id, writer, told.acknowledged ?? 0);
    // what the server will never take, since an event before it is missing, is not sent for ever
    const isStuck = (await this.store.waiting(this.id)).length === before;
    if (!isMine && isStuck) await this.store.drop(this.id, writer, Number.MAX_SAFE_INTEGER);
    await this.tellSaved(false);
    if (isMine) this.onSuperseded("computer");
    else if (!(await this.store.waiting(this.id)).length) await this.reload();
  }

  /** @param {"tab" | "computer"} where */
  onSuperseded(where) {
    this.isTaken = true;
    this.sender?.stop();
    this.listener.taken(where);
  }

  /** @param {boolean} isFailing */
  async tellSaved(isFailing) {
    this.isFailing = isFailing;
    this.waiting = (await this.store.waiting(this.id)).length + this.sayings.unsent().length;
    this.listener.saved({ waiting: this.waiting, isFailing });
  }

  /** All is sent and the sitting has ended: nothing of it stays on this computer. */
  async forget() {
    await this.chain;
    await dropMedia(this.model.media);
    await this.store.forget(this.id);
  }
}

/** What came with an acknowledgement: an explanation, the next part of a set, or both.  @param {Model} model  @param {any} shown  @returns {Model} */
function revealedIn(model, shown) {
  const { part, ...explained } = shown;
  const next = part ? withPart(model, named([part])[0]) : model;
  return isExplained(explained) ? { ...next, revealed: { ...next.revealed, [shown.item]: explained }, typed: without(next.typed, shown.item) } : next;
}
