// Dragging over the hours of a day fills the date and time inputs of the form beside the grid.
// The inputs are the keyboard's way; typing in them moves the picked stretch. Minutes count from
// local midnight; 1440 is written as 24:00.
const two = (number) => String(number).padStart(2, "0");
const clock = (minutes) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

function minutesOf(text) {
  const match = /^(\d{1,2})[:.](\d{2})$/.exec(text.trim());
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

function enhance(week) {
  const first = Number(week.dataset.first);
  const last = Number(week.dataset.last);
  const step = Number(week.dataset.step);
  const field = (name) => document.getElementById(week.dataset[name] || "-");
  const inputs = {
    date: field("dateField"),
    start: field("startField"),
    endDate: field("endDateField"),
    end: field("endField"),
  };
  if (!inputs.start || !inputs.end) return;

  const picked = document.createElement("div");
  picked.className = "picked";
  picked.hidden = true;
  let drag = null;

  const upright = (track) => track.offsetHeight > track.offsetWidth;

  function minuteAt(track, event) {
    const box = track.getBoundingClientRect();
    const part = upright(track)
      ? (event.clientY - box.top) / box.height
      : (event.clientX - box.left) / box.width;
    return first + Math.min(Math.max(part, 0), 1) * (last - first);
  }

  function show(track, from, to) {
    const start = (100 * (Math.max(from, first) - first)) / (last - first);
    const end = (100 * (Math.min(to, last) - first)) / (last - first);
    if (!track || end <= start) {
      picked.hidden = true;
      return;
    }
    const tall = upright(track);
    Object.assign(picked.style, {
      top: tall ? `${start}%` : "0",
      bottom: tall ? `${100 - end}%` : "0",
      left: tall ? "0" : `${start}%`,
      right: tall ? "0" : `${100 - end}%`,
    });
    track.append(picked);
    picked.hidden = false;
  }

  function span(event) {
    const here = minuteAt(drag.track, event);
    const low = Math.floor(Math.min(here, drag.at) / step) * step;
    const high = Math.ceil(Math.max(here, drag.at) / step) * step;
    return [Math.max(low, first), Math.min(Math.max(high, low + step), last)];
  }

  function fill(track, from, to) {
    if (inputs.date) inputs.date.value = track.dataset.date;
    if (inputs.endDate) inputs.endDate.value = track.dataset.date;
    inputs.start.value = clock(from);
    inputs.end.value = clock(to);
    inputs.end.dispatchEvent(new Event("input", { bubbles: true }));
    inputs.end.dispatchEvent(new Event("change", { bubbles: true }));
  }

  week.addEventListener("pointerdown", (event) => {
    const track = event.target.closest(".track");
    if (!track || event.button !== 0 || event.target.closest("a, button")) return;
    drag = { track, at: minuteAt(track, event) };
    track.setPointerCapture(event.pointerId);
    show(track, ...span(event));
    if (event.pointerType === "mouse") event.preventDefault();
  });
  week.addEventListener("pointermove", (event) => {
    if (drag) show(drag.track, ...span(event));
  });
  week.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const [from, to] = span(event);
    show(drag.track, from, to);
    fill(drag.track, from, to);
    drag = null;
  });
  week.addEventListener("pointercancel", () => {
    drag = null;
    typed();
  });

  function typed() {
    const from = minutesOf(inputs.start.value);
    const to = minutesOf(inputs.end.value);
    const date = inputs.date ? inputs.date.value : "";
    const track = [...week.querySelectorAll(".track")].find((one) => one.dataset.date === date);
    if (from === null || to === null || !track) picked.hidden = true;
    else show(track, from, to);
  }
  for (const input of Object.values(inputs)) input?.addEventListener("change", typed);
  window.matchMedia("(min-width: 48rem)").addEventListener("change", typed);

  const hint = week.parentElement.querySelector("[data-drag-hint]");
  if (hint) hint.hidden = false;
  typed();
}

export function enhanceWeeks(root) {
  for (const week of root.querySelectorAll(".week[data-drag]")) {
    if (week.dataset.ready) continue;
    week.dataset.ready = "1";
    enhance(week);
  }
}
