// @ts-check
// Writing a card: the names of the fields follow the kind, a gap is made of the selected words, and how it looks is shown below
// while it is written. Without this script the buttons do the same, but for the gap, which can be typed.

const form = /** @type {HTMLFormElement} */ (document.getElementById("writing"));
const preview = document.getElementById("preview");
const first = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("field-0"));
const QUIET_MS = 500;

/** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
let asked = 0;

function showKind() {
  const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=kind]:checked"));
  const isCloze = chosen ? chosen.value === "cloze" : (first?.value.includes("{{c") ?? false);
  form.dataset.kind = isCloze ? "cloze" : "basic";
}

/** Two braces around what is selected, with the next number; with Shift, the last number again. @param {boolean} isSame */
function makeGap(isSame) {
  if (!first) return;
  const numbers = [...first.value.matchAll(/\{\{c(\d+)::/g)].map((found) => Number(found[1]));
  const last = Math.max(0, ...numbers);
  const number = isSame ? Math.max(1, last) : last + 1;
  const { selectionStart: begin, selectionEnd: end } = first;
  const words = first.value.slice(begin, end);
  first.setRangeText(`{{c${number}::${words}}}`, begin, end, "end");
  if (!words) first.setSelectionRange(first.selectionStart - 2, first.selectionStart - 2);
  first.focus();
  first.dispatchEvent(new Event("input", { bubbles: true }));
}

async function showPreview() {
  const mine = ++asked;
  const body = new FormData(form);
  for (const name of [...body.keys()]) if (name.startsWith("file-")) body.delete(name);
  body.set("preview", "1");
  try {
    const answer = await fetch(location.href, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawn = page.getElementById("preview");
    if (mine === asked && drawn && preview && answer.ok) preview.replaceChildren(...drawn.childNodes);
  } catch {
    // without network there is no preview
  }
}

const gap = document.getElementById("make-gap");
if (gap) {
  gap.hidden = false;
  gap.addEventListener("click", (event) => makeGap(event.shiftKey));
}
form.addEventListener("input", (event) => {
  if (/** @type {HTMLElement} */ (event.target).matches("input[name=kind]")) showKind();
  clearTimeout(timer);
  timer = setTimeout(() => void showPreview(), QUIET_MS);
});
form.addEventListener("keydown", (event) => {
  if (!event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    form.requestSubmit(/** @type {HTMLButtonElement} */ (document.getElementById(event.shiftKey ? "another" : "keep") ?? undefined));
  } else if (event.key.toLowerCase() === "k" && form.dataset.kind === "cloze") {
    event.preventDefault();
    makeGap(event.shiftKey);
  }
});
showKind();
