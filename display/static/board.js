// The hall board. Everything is drawn from the newest whole board; only a new call moves, and once.
import { clock } from "live";
import { startScreen } from "./screen.js";
import { Voice } from "./voice.js";
import { fill, mode, part, wait, words } from "./words.js";

const ROWS_OF_WINDOWS = { landscape: 3, portrait: 6 };
const MOST_WINDOWS = 48; // above this, closed windows make room for those that work

const at = (name) => document.querySelector(`[data-${name}]`);
const SHOWN = 8; // calls, in figures that can be read from the back row
const voice = new Voice(at("voice"));
const upright = matchMedia("(orientation: portrait)");
let windows = [];
upright.addEventListener("change", shareRows);

startScreen((board) => {
  const fresh = new Set(voice.hear(board.calls).map((call) => call.id));
  at("calls").replaceChildren(...board.calls.slice(0, SHOWN).map((call) => drawCall(call, fresh.has(call.id))));
  at("calls-none").hidden = board.calls.length > 0;
  at("lines").replaceChildren(...board.lines.map(drawLine));
  windows = board.windows.length > MOST_WINDOWS ? board.windows.filter(({ state }) => state !== "closed") : board.windows;
  at("windows").replaceChildren(...windows.map(drawWindow));
  shareRows();
});

// How many rows share the height: the style sheet turns it into the size of letters.
function shareRows() {
  const rows = ROWS_OF_WINDOWS[upright.matches ? "portrait" : "landscape"];
  at("windows").style.setProperty("--columns", Math.max(6, Math.ceil(windows.length / rows)));
  at("lines").closest("section").style.setProperty("--rows", at("lines").childElementCount);
}

function drawCall(call, isNew) {
  const row = part("span", "call__row", part("span", "call__number", call.number), part("span", "call__to", "→"),
    part("span", "call__window", fill(words.window, { label: call.label })));
  const item = part("li", "call", row);
  item.dataset.call = call.id;
  item.classList.toggle("call--new", isNew);
  return item;
}

function drawLine(line) {
  const row = part("tr", "line", part("th", "line__service", line[`name_${words.lang}`]),
    part("td", "line__count", String(line.waiting)), part("td", "line__wait", wait(line.low_s, line.high_s)));
  row.dataset.service = line.service;
  row.firstChild.scope = "row";
  return row;
}

function drawWindow(window) {
  const now = part("span", "window__now", window.number ?? (window.state === "open" ? "" : words.states[window.state]));
  now.classList.toggle("window__now--word", !window.number);
  const row = part("li", `window window--${window.state}`,
    part("span", "window__label", window.label), now,
    part("span", "window__mode", window.tidal && window.state !== "closed" ? part("span", "window__tidal", words.tidal_short) : null,
      window.mode.length ? mode(window.mode) : words.unused),
    window.next ? part("span", "window__next", `${clock.text(window.next.at)} → ${mode(window.next.mode)}`) : null);
  row.dataset.window = window.id;
  return row;
}
