// @ts-check
// Keeps the preview as the file is: waits for a change, and puts the new page in the old one's place.

const AGAIN_MS = 1000; // after an answer that did not come

/** @param {string} id  @returns {HTMLElement} */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The page of an address in place of this one; what was chosen, opened and scrolled to stays.  @param {string} address */
async function show(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = part("preview");
  const page = fresh.getElementById("preview");
  if (!page) return;
  const chosen = [...now.querySelectorAll("input:checked")].map((input) => /** @type {HTMLInputElement} */ (input).value);
  const opened = [...now.querySelectorAll("details")].map((one) => one.open);
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
  now.replaceWith(document.adoptNode(page));
  for (const input of page.querySelectorAll("input[name=choice]")) {
    const box = /** @type {HTMLInputElement} */ (input);
    box.checked = chosen.includes(box.value);
  }
  const folds = [...page.querySelectorAll("details")];
  if (folds.length === opened.length) folds.forEach((one, n) => (one.open = opened[n]));
  if (focused) page.querySelector(`[data-key="${focused}"]`)?.focus();
  part("dark").setAttribute("media", page.dataset.dark ?? "");
  part("scheme").setAttribute("content", page.dataset.scheme ?? "");
  document.title = fresh.title;
}

let line = Promise.resolve(); // one page after the other, so that none comes before the one it was asked on

/** Show an address when what was asked for before is shown.  @param {() => string | undefined} address */
function next(address) {
  line = line.then(async () => {
    const wanted = address();
    if (wanted === undefined) return;
    history.replaceState(null, "", wanted);
    await show(wanted);
  });
  return line;
}

/** Wait for changes for ever. */
async function follow() {
  for (;;) {
    try {
      const seen = part("preview").dataset.stamp ?? "";
      const answer = await fetch(`/wait?seen=${encodeURIComponent(seen)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      part("notice").textContent = "";
      if ((await answer.text()) !== part("preview").dataset.stamp) await next(() => location.href);
    } catch {
      line = Promise.resolve();
      part("notice").textContent = document.body.dataset.gone ?? "";
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }
}

/** What a link of the bar does is asked of the link that is there then: it carries the rest of the look.  @param {string} key */
const follows = (key) =>
  next(() => /** @type {HTMLAnchorElement | null} */ (document.querySelector(`a[data-key="${CSS.escape(key)}"]`))?.href).catch(() => {
    line = Promise.resolve(); // the loop that waits says that the preview has stopped
  });

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-key]") : null;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.dataset.key === "l") return;
  event.preventDefault();
  follows(link.dataset.key ?? "");
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement && !["radio", "checkbox"].includes(event.target.type);
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (link instanceof HTMLAnchorElement) {
    event.preventDefault();
    link.click();
  }
});

follow();
