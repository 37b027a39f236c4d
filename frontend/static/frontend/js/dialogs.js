// <a data-dialog="id"> opens <dialog id> as a modal; without a script it is a link to it.
export function enhanceDialogs(root) {
  for (const opener of root.querySelectorAll("[data-dialog]")) {
    if (opener.dataset.ready) continue;
    opener.dataset.ready = "1";
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog || typeof dialog.showModal !== "function") continue;
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-haspopup", "dialog");
    const open = (event) => {
      event.preventDefault();
      dialog.showModal();
    };
    opener.addEventListener("click", open);
    opener.addEventListener("keydown", (event) => {
      if (event.key === " ") open(event);
    });
    dialog.addEventListener("click", (event) => {
      const close = event.target.closest("[data-dialog-close]");
      if (close || event.target === dialog) {
        event.preventDefault();
        dialog.close();
      }
    });
    dialog.addEventListener("close", () => opener.focus());
  }
}
