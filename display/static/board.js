// The hall board. Everything is drawn from the newest whole board; only a new call moves, and once.
import { clock } from "live";
import { startScreen } from "./screen.js";
import { Voice } from "./voice.js";
import { fill, mode, part, wait, words } from "./words.js";

const at = (name) => document.querySelector(`[data-${name}]`);
const MANY = 20; // windows; more are drawn smaller
const screen = document.querySelector("[data-screen]");
const voice = new Voice(at("voice"));

startScreen((board) => {
  const fresh = new Set(voice.hear(board.calls).map((call) => call.id));
  at("calls").replaceChildren(...board.calls.map((call) => drawCall(call, fresh.has(call.id))));
  at("calls-none").hidden = board.calls.length > 0;
  screen.style.setProperty("--lines", board.lines.length);
  screen.classList.toggle("screen--many", board.windows.length > MANY);
  at("lines").replaceChildren(...board.lines.map(drawLine));
  at("windows").replaceChildren(...board.windows.map(drawWindow));
});

function drawCall(call, isNew) {
  const row = part("li", "call", part("span", "call__number", call.number), part("span", "call__to", "→"),
    part("span", "call__window", fill(words.window, { label: call.label })));
  row.dataset.call = call.id;
  row.classList.toggle("call--new", isNew);
  return row;
}

function drawLine(line) {
  const row = part("tr", "line", part("th", "line__service", line[`name_${words.lang}`]),
    part("td", "line__count", String(line.waiting)), part("td", "line__wait", wait(line.low_s, line.high_s)));
  row.dataset.service = line.service;
  row.firstChild.scope = "row";
  return row;
}

function drawWindow(window) {
  const next = window.next && fill(words.next, { time: clock.text(window.next.at), mode: mode(window.next.mode) });
  const open = window.state === "open";
  const row = part("li", `window window--${window.state}`,
    part("span", "window__label", window.label),
    part("span", "window__now", open ? (window.number ?? "") : words.states[window.state]),
    part("span", "window__mode", window.mode.length ? mode(window.mode) : words.unused),
    window.tidal ? part("span", "window__tidal", words.tidal) : null,
    next ? part("span", "window__next", next) : null);
  row.dataset.window = window.id;
  return row;
}
