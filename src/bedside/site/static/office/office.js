// @ts-check
// Keeps the live parts of the office's pages up to date. Only what changed is touched, and never what has the focus:
// a form that is being filled in, a link that is about to be pressed and an open dialog stay as they are.

const EVERY_MS = 4000;

/** Put what changed of `fresh` into `old`.  @param {Element} old  @param {Element} fresh */
export function patch(old, fresh) {
  const parts = [...fresh.querySelectorAll("[data-part]")];
  for (const part of parts) {
    const here = old.querySelector(`[data-part="${/** @type {HTMLElement} */ (part).dataset.part}"]`);
    if (!here) continue;
    if (here.tagName !== part.tagName) {
      // a list that was empty until now, or is from now on
      if (!here.contains(document.activeElement)) here.replaceWith(part.cloneNode(true));
    } else if (!part.querySelector("[data-rows]")) {
      fill(here, part);
    }
  }
  const lists = [...old.querySelectorAll("[data-rows]")];
  [...fresh.querySelectorAll("[data-rows]")].forEach((list, n) => lists[n] && patchRows(lists[n], list));
  const captions = [...old.querySelectorAll("caption")];
  [...fresh.querySelectorAll("caption")].forEach((caption, n) => captions[n] && fill(captions[n], caption));
}

/** @param {Element} list  @param {Element} fresh */
function patchRows(list, fresh) {
  const known = new Map([...list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.row, row]));
  /** @type {Element | null} */
  let before = null;
  for (const row of [...fresh.children]) {
    const name = /** @type {HTMLElement} */ (row).dataset.row;
    const here = known.get(name);
    known.delete(name);
    if (here) {
      patchRow(here, row);
      before = here;
      continue;
    }
    const added = /** @type {Element} */ (row.cloneNode(true));
    if (before) before.after(added);
    else list.prepend(added);
    before = added;
  }
  for (const gone of known.values()) if (!gone.contains(document.activeElement)) gone.remove();
}

/** @param {Element} row  @param {Element} fresh */
function patchRow(row, fresh) {
  if (row.className !== fresh.className) row.className = fresh.className;
  if (row.children.length === 0 || row.children.length !== fresh.children.length) return fill(row, fresh);
  [...row.children].forEach((cell, n) => fill(cell, fresh.children[n]));
}

/** @param {Element} old  @param {Element} fresh */
function fill(old, fresh) {
  if (old.innerHTML === fresh.innerHTML || old.contains(document.activeElement)) return;
  old.replaceChildren(...[...fresh.childNodes].map((node) => node.cloneNode(true)));
}

/** @param {HTMLElement} live */
async function refresh(live) {
  const stale = /** @type {HTMLElement | null} */ (document.querySelector("[data-stale]"));
  try {
    const answer = await fetch(live.dataset.live ?? "", { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    patch(live, new DOMParser().parseFromString(await answer.text(), "text/html").body);
    if (stale) stale.hidden = true;
  } catch {
    // no network, or signed out: what stands there stays, and it is said from when it is
    if (!stale || !stale.hidden) return;
    stale.textContent = `${stale.dataset.text} ${live.querySelector('[data-part="as-of"] time')?.textContent ?? ""} UTC.`;
    stale.hidden = false;
  }
}

/** One question at a time, and none while nobody looks.  @param {HTMLElement} live */
function watch(live) {
  setTimeout(async () => {
    if (!document.hidden) await refresh(live);
    watch(live);
  }, EVERY_MS);
}

for (const live of document.querySelectorAll("[data-live]")) watch(/** @type {HTMLElement} */ (live));

// a second press of the same button would do it twice
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (/** @type {HTMLElement} */ (form).dataset.sent) event.preventDefault();
    /** @type {HTMLElement} */ (form).dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete (/** @type {HTMLElement} */ (form).dataset.sent);
});
