// The sign above a window: the number now, what it offers, and what it will offer next.
import { clock } from "live";
import { startScreen } from "./screen.js";
import { fill, mode, words } from "./words.js";

const at = (name) => document.querySelector(`[data-${name}]`);
let shown = null; // id of the call on the sign

startScreen((board) => {
  at("label").textContent = fill(words.window, { label: board.label });
  at("tidal").hidden = !board.tidal;
  const number = at("number");
  number.textContent = board.state === "open" || board.call ? (board.call?.number ?? "—") : words.states[board.state];
  number.classList.toggle("sign__number--word", board.state !== "open" && !board.call);
  number.classList.toggle("call--new", Boolean(board.call && shown !== null && board.call.id !== shown));
  shown = board.call?.id ?? "";
  at("mode").textContent = board.mode.length ? mode(board.mode) : words.unused;
  const next = at("next");
  next.hidden = !board.next;
  if (board.next) {
    next.lastElementChild.textContent =
      fill(words.next, { time: clock.text(board.next.at), mode: mode(board.next.mode) });
  }
});
