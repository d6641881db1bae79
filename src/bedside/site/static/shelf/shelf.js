// @ts-check
// The library finds as somebody types. Without this script its button does the same by loading the page.

const WAIT_MS = 180;
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("find"));
let timer = 0;
/** @type {AbortController | null} */
let running = null;

/** The address that the form asks for; what is empty is left out. */
function address() {
  const fields = new URLSearchParams();
  if (form) for (const [name, value] of new FormData(form)) if (value) fields.append(name, String(value));
  return `${location.pathname}?${fields}`;
}

/** Show what the server finds for what stands in the form now. */
async function findAnew() {
  running?.abort();
  running = new AbortController();
  const wanted = address();
  try {
    const answer = await fetch(wanted, { signal: running.signal });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, fresh] = [document.getElementById("results"), page.getElementById("results")];
    if (!old || !fresh) return;
    old.replaceChildren(...fresh.childNodes);
    const said = document.getElementById("count");
    if (said) said.textContent = page.getElementById("count")?.textContent ?? "";
    history.replaceState(null, "", wanted);
  } catch {
    // no network, or the next letter came: what stands there stays, and the button says what is wrong
  }
}

/** Wait for the next letter before the server is asked. */
function soon() {
  clearTimeout(timer);
  timer = setTimeout(findAnew, WAIT_MS);
}

form?.addEventListener("input", soon);
