// Today without a network: a click is kept on the phone with its own time, shown where it was made, and sent when
// there is a network again. What is kept lives in IndexedDB, a Blob of a photo included; the server is the judge.
const words = document.querySelector("script[data-kept]").dataset;
const EVERY = 20_000;
const PATIENCE = 8_000;

function store(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("podest-today", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("kept", { keyPath: "id", autoIncrement: true });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const doing = opening.result.transaction("kept", mode);
      const asked = work(doing.objectStore("kept"));
      doing.oncomplete = () => resolve(asked.result);
      doing.onerror = () => reject(doing.error);
    };
  });
}
const all = async () => (await store("readonly", (kept) => kept.getAll())).filter((one) => one.person === words.person);
const keep = (entry) => store("readwrite", (kept) => kept.put(entry));
const forget = (id) => store("readwrite", (kept) => kept.delete(id));

const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

// Done: true. Refused: the sentences. No network, or signed out: an error is thrown.
async function send(entry) {
  const body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  // An age, not a time of day: the phone's clock may be wrong.
  body.set(entry.ago, Math.max(0, Math.round((Date.now() - entry.at) / 1000)));
  body.set("csrfmiddlewaretoken", token());
  const answer = await fetch(entry.url, {
    method: "POST",
    body,
    headers: { "X-Kept": "1" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.status === 204) return true;
  if (answer.status === 409 || answer.status === 422) return (await answer.json()).said.join(" ");
  if (answer.redirected || answer.status === 403) throw new Error("signed out");
  throw new Error(String(answer.status));
}

const formOf = (entry) => document.querySelector(`form.handover[action="${entry.url}"]`);

function say(form, text) {
  const row = form.closest("li");
  let said = row.querySelector(".kept-word");
  if (!said) {
    said = document.createElement("p");
    said.className = "kept-word strong";
    said.setAttribute("role", "status");
    form.before(said);
  }
  said.textContent = text;
  return said;
}

function show(entry) {
  const form = formOf(entry);
  if (!form) return;
  form.closest("li").classList.add("kept");
  const clock = new Date(entry.at).toLocaleTimeString(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
  });
  const said = say(form, `${entry.label}: ${words.kept.replace("{at}", clock)} `);
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "btn btn-s btn-quiet";
  undo.textContent = words.undo;
  undo.addEventListener("click", async () => {
    await forget(entry.id);
    form.closest("li").classList.remove("kept");
    said.remove();
  });
  said.append(undo);
}

function refused(entry, sentences) {
  const form = formOf(entry);
  if (!form) return;
  form.closest("li").classList.remove("kept");
  say(form, words.refused.replace("{said}", sentences));
}

let busy = false;
async function flush() {
  if (busy) return;
  busy = true;
  let sent = 0;
  try {
    for (const entry of await all()) {
      const answer = await send(entry);
      await forget(entry.id);
      if (answer === true) sent += 1;
      else refused(entry, answer);
    }
  } catch (error) {
    if (error.message === "signed out") {
      const notice = document.getElementById("kept");
      notice.textContent = words.signedOut;
      notice.hidden = false;
    }
  }
  busy = false;
  if (sent) location.reload();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.handover");
  if (!form || !event.submitter) return;
  event.preventDefault();
  event.stopPropagation();
  const entry = {
    url: form.getAttribute("action"),
    fields: [...new FormData(form, event.submitter)],
    ago: form.querySelector("[name$='-ago']").name,
    at: Date.now(),
    person: words.person,
    label: event.submitter.textContent.trim(),
  };
  event.submitter.setAttribute("aria-busy", "true");
  keep(entry).then(async (id) => {
    entry.id = id;
    try {
      const answer = await send(entry);
      await forget(id);
      if (answer === true) location.reload();
      else refused(entry, answer);
    } catch {
      show(entry);
    }
    event.submitter.removeAttribute("aria-busy");
  });
}, true);

const kept = await all();
kept.forEach(show);
if (kept.length) flush();
window.addEventListener("online", flush);
setInterval(flush, EVERY);
if ("serviceWorker" in navigator) {
  const scope = new URL("/today/", location.origin).pathname;
  navigator.serviceWorker.register(words.worker, { scope }).catch(() => undefined);
  // The first time the page came without the worker's help: what it needs is looked at once more.
  if (!navigator.serviceWorker.controller) {
    const parts = [...document.querySelectorAll("link[rel=stylesheet], script[src]")];
    const urls = [location.href, ...parts.map((one) => one.href || one.src)];
    navigator.serviceWorker.ready.then((worker) => worker.active.postMessage(urls));
  }
}
