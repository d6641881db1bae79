// @ts-check
// Tells the site in which time zone the browser is, where it does not know: study days begin at four in the morning there.

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("zone"));
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (form && zone && form.dataset.zone !== zone) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  body.append("zone", zone);
  // without network, or where the site does not know the zone, days stay as they were
  fetch(form.action, { method: "POST", body }).catch(() => undefined);
}
