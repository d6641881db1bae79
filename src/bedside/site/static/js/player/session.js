// @ts-check
// One sitting in this tab: the model, its store, the clock and the sender. Every change is written down before it shows.

import { Clock } from "./clock.js";
import { apply, fromServer } from "./model.js";
import { Refused, Sender, call } from "./net.js";
import { openStore } from "./queue.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./queue.js").Waiting} Waiting */

/**
 * @typedef {object} Listener
 * @property {() => void} changed the model changed
 * @property {(state: {waiting: number, isFailing: boolean}) => void} saved how many events wait
 * @property {(items: string[]) => void} revealed explanations came
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
  waiting = 0;
  isFailing = false;
  isTaken = false;
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
      if (error instanceof Refused || !saved || !saved.items.length) throw error;
      this.model = saved;
      this.takeUpClock(saved, await this.store.waiting(this.id));
      this.isFailing = true;
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
    this.model = saved ? this.joined(fresh, saved) : fresh;
    if (saved?.writer && saved.writer === told.writer) {
      const seq = Math.max(told.last_seq?.[saved.writer] ?? 0, saved.seq);
      this.model = { ...this.model, writer: saved.writer, seq, sync: saved.sync };
      this.takeUpClock(saved, pending);
    } else {
      await this.takeOver();
    }
    for (const event of pending) this.model = apply(this.model, event.type, event.fields);
    this.clock.setRemaining(told.remaining_ms);
    await this.fetchBlock();
    await this.store.write(this.kept());
  }

  /** The server's word, with what only this computer knows.  @param {Model} fresh  @param {Model} known  @returns {Model} */
  joined(fresh, known) {
    return {
      ...fresh,
      last_block: Math.max(fresh.last_block, known.last_block),
      items: fresh.block === known.block ? known.items : [],
      picked: known.picked,
      sureness: known.sureness,
      ms: { ...fresh.ms, ...known.ms },
    };
  }

  /** @param {Model} saved  @param {Waiting[]} pending */
  takeUpClock(saved, pending) {
    const least = pending.filter((event) => event.writer === saved.writer && event.sync === saved.sync);
    this.clock.takeUp(saved.synced_wall, saved.deadline_wall, Math.max(0, ...least.map((event) => event.elapsed_ms)));
  }

  /** Become the writer. What an earlier player of this browser could not send goes first, under its own name. */
  async takeOver() {
    const { writer } = await call("POST", `${this.path}/writers`);
    this.model = { ...this.model, writer, seq: 0, sync: 0 };
    this.clock.sync(this.clock.remaining());
  }

  /** The items of the open block, once. */
  async fetchBlock() {
    if (this.model.phase !== "in_block" || this.model.block === null || this.model.items.length) return;
    const block = await call("GET", `${this.path}/blocks/${this.model.block}`);
    this.model = { ...this.model, items: block.items, current: this.model.current ?? block.items[0]?.id ?? null };
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
    await this.store.write(this.kept(next), event);
    this.model = next;
    this.waiting += 1;
  }

  kept(model = this.model) {
    return { ...model, synced_wall: Date.now() - this.clock.elapsed(), deadline_wall: this.clock.deadlineWall() };
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
    await this.store.drop(this.id, writer, told.acknowledged);
    const isMine = writer === this.model.writer;
    const revealed = /** @type {import("./model.js").Revealed[]} */ (told.revealed ?? []);
    await this.keep((model) => {
      if (isMine) this.clock.sync(told.remaining_ms); // together with its number, so that no event falls between
      return {
        ...model,
        sync: isMine ? told.sync : model.sync,
        revealed: { ...model.revealed, ...Object.fromEntries(revealed.map((shown) => [shown.item, shown])) },
      };
    });
    await this.tellSaved(false);
    if (revealed.length) this.listener.revealed(revealed.map((shown) => shown.item));
    const isBehind = !isMine || told.refused?.length || told.state !== this.model.phase;
    if (isBehind && !(await this.store.waiting(this.id)).length) await this.reload();
  }

  /** Take the server's word for where the sitting stands. */
  async reload() {
    const told = await call("GET", this.path);
    const fresh = fromServer(told);
    this.clock.setRemaining(told.remaining_ms);
    await this.keep((model) => {
      const current = fresh.block === model.block ? model.current : fresh.current;
      return { ...this.joined(fresh, model), current, writer: model.writer, seq: model.seq, sync: model.sync };
    });
    const isNew = !this.model.items.length;
    await this.fetchBlock();
    if (isNew && this.model.current) this.record("item_shown", { item: this.model.current });
    else await this.keep((model) => model);
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
    await this.store.drop(this.id, writer, isMine ? (told.acknowledged ?? 0) : Number.MAX_SAFE_INTEGER);
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
    this.waiting = (await this.store.waiting(this.id)).length;
    this.listener.saved({ waiting: this.waiting, isFailing });
  }

  /** The clock has run out: the server closes the block at its deadline, and is asked where the sitting stands. */
  async timeUp() {
    if (this.model.phase !== "in_block") return;
    this.foldVisit();
    this.model = { ...this.model, phase: "time_up" };
    await this.record(this.model.block === this.model.blocks.length ? "finished" : "resumed");
  }

  /** All is sent and the sitting has ended: nothing of it stays on this computer. */
  async forget() {
    await this.chain;
    await this.store.forget(this.id);
  }
}
