// What is better with a script. Every page works without this file.
import { guardSubmits } from "./submits.js";
import { enhanceTimelines } from "./timeline.js";
import { enhanceWeeks } from "./week.js";

function start(root) {
  enhanceWeeks(root);
  enhanceTimelines(root);
  // An answer that speaks of a field that is folded away unfolds it.
  for (const one of [root, ...root.querySelectorAll("[data-unfold]")]) {
    const fold = document.getElementById(one.dataset?.unfold ?? "-");
    if (fold) fold.open = true;
  }
  const first = root.querySelector("[data-focus]");
  if (first) first.focus();
}

// Menus made of <details> close by Escape and by a click elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// An option's button stands in a form of its own: it takes along what was typed since it was drawn.
document.addEventListener("formdata", (event) => {
  const words = event.target.closest("[data-words-of]")?.dataset.wordsOf;
  const typed = words && document.getElementById(words);
  if (!typed) return;
  for (const name of ["title", "purpose"]) event.formData.set(name, typed.elements[name].value);
});
// A small form beside a long one takes along all that was typed there.
document.addEventListener("formdata", (event) => {
  const id = event.target.closest("[data-all-of]")?.dataset.allOf;
  const typed = id && document.getElementById(id);
  if (!typed) return;
  for (const [name, value] of new FormData(typed)) {
    if (name !== "once" && !event.formData.has(name)) event.formData.append(name, value);
  }
});

// A link to a fold opens it.
document.addEventListener("click", (event) => {
  const fold = document.getElementById(event.target.closest?.("[data-opens]")?.dataset.opens ?? "-");
  if (fold) fold.open = true;
});
// What a page kept for times without a network goes with whom it was kept for.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-signs-out]") && "caches" in window) caches.delete("podest-today");
});

guardSubmits(document);
start(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) start(event.target);
});
