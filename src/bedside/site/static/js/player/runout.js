// @ts-check
// What the clock brings about by itself: a block, a stopped clock or the whole day runs out. The server knows it too; the page
// says so at once, with or without network, and asks the server where the sitting stands.

import { BETWEEN } from "./day.js";
import { closed } from "./model.js";

/** @typedef {import("./session.js").Session} Session */

/** The time of the open block is over; of the last one, or of one clock over all blocks, that is the end.  @param {Session} session */
export async function timeUp(session) {
  if (session.model.phase !== "in_block") return;
  session.foldVisit();
  const { block, blocks, isTotal, isProctored } = session.model;
  const isOver = isTotal || block === blocks.length;
  if (isOver) session.model = { ...session.model, phase: "time_up" };
  else session.pass(closed(session.model));
  session.isBehind = true;
  // a proctor may have given time that this page has not heard of: then the server's word counts, and nothing is ended here
  await session.record(isOver && !isProctored ? "finished" : "resumed");
}

/** The time for which the clock may be stopped is used: it goes on by itself.  @param {Session} session */
export async function pauseUp(session) {
  if (session.model.phase !== "paused") return;
  session.pass({ ...session.model, phase: "in_block" });
  session.shownSince = performance.now();
  session.isBehind = true;
  await session.record("resumed");
}

/**
 * Between blocks nothing is left of the day. Of one clock over all blocks the page is sure; what earlier breaks have cost and a
 * proctor has changed only the server knows, so it is asked.
 * @param {Session} session
 */
export async function dayUp(session) {
  if (!BETWEEN.includes(session.model.phase)) return;
  if (session.model.isTotal) session.model = { ...session.model, phase: "time_up" };
  else if (session.waiting > 0 || !navigator.onLine) return;
  session.isBehind = true;
  await session.record("resumed");
}
