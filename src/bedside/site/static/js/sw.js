// The service worker: the player's files at hand, and its page again without network. The server puts SHELL above this
// line: {version, files}. What it never keeps: answers of the API (a sitting keeps its own in IndexedDB, a case in
// localStorage), and any page but the player's and those of the cases played last, so that no old page is ever shown for a
// new one. The one call that is kept are the reference values.
// Pictures and sounds of an open block are kept by the player itself, in a cache of their own, and answered from it here.

const CACHE = `bedside-${SHELL.version}`;
const PLAYER = "/sit/"; // one page serves every sitting: it reads its id from the address
const CASE = /^\/cases\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/; // each run has its own page, which holds its opening
const MOST_CASES = 3;
const MEDIA = "/media/";
const MEDIA_CACHE = "bedside-media";
const ANALYTES = "/api/reference/analytes";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(SHELL.files.map((file) => new Request(file, { cache: "no-cache" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

async function dropOld() {
  const fresh = await caches.open(CACHE);
  for (const name of await caches.keys()) {
    if (name === CACHE || name === MEDIA_CACHE || !name.startsWith("bedside-")) continue;
    const old = await caches.open(name);
    // a block or a case may be open: its page and the reference values stay, since they can't be fetched without network
    for (const kept of [PLAYER, ANALYTES, ...(await casesIn(old))]) {
      const answer = await old.match(kept);
      if (answer && !(await fresh.match(kept))) await fresh.put(kept, answer);
    }
    await caches.delete(name);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (SHELL.files.includes(url.pathname)) event.respondWith(fromShell(request));
  else if (url.pathname.startsWith(MEDIA)) event.respondWith(fromMedia(request));
  else if (request.mode === "navigate" && url.pathname.startsWith(PLAYER)) event.respondWith(networkFirst(request, PLAYER));
  else if (request.mode === "navigate" && CASE.test(url.pathname)) event.respondWith(networkFirst(request, url.pathname));
  else if (url.pathname === ANALYTES) event.respondWith(networkFirst(request, ANALYTES));
});

// a page that was loaded before there was a worker asks to be kept
self.addEventListener("message", (event) => {
  const path = event.data?.keep;
  if (typeof path === "string" && CASE.test(path)) event.waitUntil(networkFirst(new Request(path), path).catch(() => undefined));
});

async function fromShell(request) {
  const kept = await caches.match(request, { cacheName: CACHE, ignoreSearch: true });
  return kept ?? fetch(request);
}

async function fromMedia(request) {
  const cache = await caches.open(MEDIA_CACHE);
  const kept = await cache.match(request.url);
  if (!kept) return fetch(request);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  return range ? partOf(kept, Number(range[1]), range[2]) : kept;
}

/** A player of sounds asks for pieces, which a cache can't answer by itself. */
async function partOf(whole, from, to) {
  const body = await whole.blob();
  const end = to === "" ? body.size - 1 : Math.min(Number(to), body.size - 1);
  const headers = { "Content-Type": body.type, "Content-Range": `bytes ${from}-${end}/${body.size}`, "Accept-Ranges": "bytes" };
  return new Response(body.slice(from, end + 1), { status: 206, headers });
}

async function networkFirst(request, key) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    // a page that sends elsewhere (signed out, finished) is not the one that is kept
    if (answer.ok && !answer.redirected && isItself(answer, key)) await keep(cache, key, answer.clone());
    if (answer.status < 502) return answer;
    return (await cache.match(key)) ?? answer;
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw error;
  }
}

async function keep(cache, key, answer) {
  // the network may go in the middle of it; a case's page must know that it comes from here, since it may be newer than what its
  // script had heard when the network went
  const body = CASE.test(key) ? (await answer.text()).replace("<html", "<html data-kept") : await answer.blob();
  const whole = new Response(body, { headers: answer.headers });
  await cache.put(key, whole); // in one step, and the newest comes last: a load without network must not meet a gap
  for (const old of (await casesIn(cache)).slice(0, -MOST_CASES)) await cache.delete(old);
}

/** The addresses of the cases that are kept, the oldest first. */
async function casesIn(cache) {
  return (await cache.keys()).map((request) => new URL(request.url).pathname).filter((path) => CASE.test(path));
}

function isItself(answer, key) {
  const page = answer.headers.get("Bedside-Page");
  return key === PLAYER ? page === "player" : CASE.test(key) ? page === "case" : true;
}
