// The page Today opens without a network as it was seen last, for a day; nothing else is kept. Signing out empties it.
const STORE = "podest-today";
const OLDEST = 24 * 3_600_000;
const PATIENCE = 4_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function newest(request) {
  const kept = await caches.open(STORE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && !answer.redirected) {
      const copy = new Response(await answer.clone().blob(), { headers: answer.headers });
      copy.headers.set("X-Seen", String(Date.now()));
      await kept.put(request.url, copy);
    }
    return answer;
  } catch (error) {
    const seen = await kept.match(request.url);
    if (seen && Date.now() - Number(seen.headers.get("X-Seen")) < OLDEST) return seen;
    throw error;
  }
}

self.addEventListener("message", (event) => {
  event.waitUntil(Promise.allSettled(event.data.map((url) => newest(new Request(url)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const today = request.mode === "navigate" && url.pathname === "/today/";
  if (today || url.pathname.startsWith("/static/")) event.respondWith(newest(request));
});
