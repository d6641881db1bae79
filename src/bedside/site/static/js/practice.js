// @ts-check
// The practice form counts anew after each choice. Without this script its button does the same by loading the page.

const WAIT_MS = 250;
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("choose"));
let timer = 0;
/** @type {AbortController | null} */
let running = null;

/** The page as the server draws it for what is chosen now. */
async function countAnew() {
  if (!form) return;
  running?.abort();
  running = new AbortController();
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name !== "csrfmiddlewaretoken") fields.append(name, String(value));
  try {
    const answer = await fetch(`${location.pathname}?${fields}`, { signal: running.signal });
    if (!answer.ok) return;
    swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // no network: the count stays, and starting says what is wrong
  }
}

/** Put the parts that depend on the choice in the place of the old ones, and leave the focus where it was.  @param {Document} page */
function swap(page) {
  const focused = document.activeElement?.id;
  const open = new Set([...document.querySelectorAll("details[id]")].filter((part) => /** @type {any} */ (part).open).map((part) => part.id));
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.innerHTML === part.innerHTML) continue;
    part.replaceChildren(...fresh.childNodes);
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}

form?.addEventListener("change", () => {
  clearTimeout(timer);
  timer = setTimeout(countAnew, WAIT_MS);
});
