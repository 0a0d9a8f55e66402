// How busy it is: lines follow the hall's board, what is expected later is asked for again every minute.
import { clock, watchBoard } from "live";
import { fill, wait, words } from "./words.js";

const LATER_MS = 60_000;
const SPREAD_MS = 15_000; // phones that opened the page together do not ask together

const page = document.querySelector("[data-crowd]");
const later = page.querySelector("[data-later]");
const lost = page.querySelector("[data-lost]");
let lines = [];

function drawLines() {
  for (const { service, waiting, low_s, high_s } of lines) {
    const row = later.querySelector(`[data-service="${CSS.escape(service)}"]`);
    if (!row) continue;
    row.querySelector("[data-waiting]").textContent = waiting ? fill(words.waiting, { count: waiting }) : words.nobody;
    row.querySelector("[data-wait]").textContent = wait(low_s, high_s);
  }
}

watchBoard({
  hall: page.dataset.hall,
  board: page.dataset.board,
  onBoard: (board) => {
    lines = board.lines;
    drawLines();
  },
  onStatus: ({ online, since }) => {
    lost.hidden = online;
    lost.textContent = fill(words.lost, { time: clock.text(since) });
  },
});

async function askLater() {
  clearTimeout(timer);
  timer = setTimeout(askLater, LATER_MS + Math.random() * SPREAD_MS);
  if (document.hidden) return;
  // Without an answer the line about the lost connection says it; the next look tries again.
  const answer = await fetch(page.dataset.laterUrl).catch(() => null);
  if (answer?.ok) drawLater(await answer.text());
}

function drawLater(html) {
  const open = [...later.querySelectorAll("details[open]")].map(({ id }) => id);
  const held = later.contains(document.activeElement) && document.activeElement.parentElement.id;
  later.innerHTML = html;
  for (const id of open) later.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  if (held) later.querySelector(`#${CSS.escape(held)} summary`)?.focus();
  drawLines();
}

let timer = setTimeout(askLater, LATER_MS);
document.addEventListener("visibilitychange", askLater);
