// What is better with a script. Every page works without this file.
import { enhanceDialogs } from "./dialogs.js";
import { guardSubmits } from "./submits.js";
import { enhanceWeeks } from "./week.js";

function start(root) {
  enhanceDialogs(root);
  enhanceWeeks(root);
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

guardSubmits(document);
start(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) start(event.target);
});
