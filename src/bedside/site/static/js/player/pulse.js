// @ts-check
// In a proctored sitting the server is asked from time to time: for messages, and whether the clock was stopped.

import { call } from "./net.js";

const EVERY_MS = 20_000;
const EVERY_MS_SUSPENDED = 5000; // who waits for the proctor should not wait for the page

/** @param {import("./session.js").Session} session */
export function listenToProctor(session) {
  const isOver = () => session.isTaken || ["finished", "voided"].includes(session.model.phase);

  async function ask() {
    try {
      if (navigator.onLine && session.waiting === 0) await session.hear(await call("GET", `${session.path}/pulse`));
    } catch {
      // no network: what is said there is heard when it is back
    }
    plan();
  }

  function plan() {
    if (!isOver()) setTimeout(() => void ask(), session.model.phase === "suspended" ? EVERY_MS_SUSPENDED : EVERY_MS);
  }

  plan();
}
