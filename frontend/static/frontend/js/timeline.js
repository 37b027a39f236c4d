// Dragging over a thing's row in the week of all things leads to where it is written in, with day and hours filled in.
// A finger scrolls the week: its tap leads there with the hour that it met, which the form shows and lets correct.
const two = (number) => String(number).padStart(2, "0");
const clock = (minutes) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const STEP = 60;

function enhance(table) {
  const days = table.dataset.days.split(" ");
  const first = Number(table.dataset.first);
  const length = Number(table.dataset.last) - first;
  const picked = document.createElement("li");
  picked.className = "picked";
  picked.ariaHidden = "true";
  let drag = null;

  // Where in the week: the day, and the minute from the first that is shown.
  function place(row, event) {
    const box = row.getBoundingClientRect();
    const part = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 0.9999) * days.length;
    return { day: Math.floor(part), minute: (part % 1) * length };
  }

  // From the hour where it began to the hour where it is; of one day.
  function span(event) {
    const here = place(drag.row, event);
    const at = here.day < drag.day ? 0 : here.day > drag.day ? length - 1 : here.minute;
    const low = Math.floor(Math.min(at, drag.minute) / STEP) * STEP;
    const high = Math.min((Math.floor(Math.max(at, drag.minute) / STEP) + 1) * STEP, length);
    return [low, high];
  }

  function show(from, to) {
    const whole = days.length * length;
    const left = (100 * (drag.day * length + from)) / whole;
    const right = 100 - (100 * (drag.day * length + to)) / whole;
    drag.row.style.position = "relative";
    Object.assign(picked.style, { top: 0, bottom: 0, left: `${left}%`, right: `${right}%` });
    drag.row.append(picked);
  }

  function go(row, day, hours) {
    const more = new URLSearchParams({ date: days[day], ...hours });
    window.location.assign(`${row.dataset.pick}&${more}`);
  }

  table.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-pick]");
    if (!row || event.button !== 0 || event.pointerType === "touch") return;
    drag = { row, ...place(row, event) };
    row.setPointerCapture(event.pointerId);
    show(...span(event));
    event.preventDefault();
  });
  table.addEventListener("pointermove", (event) => {
    if (drag) show(...span(event));
  });
  table.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const [from, to] = span(event);
    go(drag.row, drag.day, { start: clock(first + from), end: clock(first + to) });
    drag = null;
  });
  table.addEventListener("pointercancel", () => {
    drag = null;
    picked.remove();
  });
  table.addEventListener("click", (event) => {
    const row = event.target.closest("[data-pick]");
    if (!row || event.pointerType !== "touch") return;
    const { day, minute } = place(row, event);
    const from = first + Math.floor(minute / STEP) * STEP;
    go(row, day, { start: clock(from), end: clock(Math.min(from + STEP, first + length)) });
  });
  const hint = document.querySelector("[data-drag-hint]");
  if (hint) hint.hidden = false;
}

export function enhanceTimelines(root) {
  for (const table of root.querySelectorAll(".timeline[data-days]")) {
    if (table.dataset.ready) continue;
    table.dataset.ready = "1";
    enhance(table);
  }
}
