// The sign above a window: the number now, what it offers, and what it will offer next.
import { clock } from "live";
import { startScreen } from "./screen.js";
import { fill, mode, part, words } from "./words.js";

const at = (name) => document.querySelector(`[data-${name}]`);
let shown = null; // id of the call on the sign

startScreen((board) => {
  at("label").textContent = fill(words.window, { label: board.label });
  at("tidal").hidden = !board.tidal;
  const number = at("number");
  number.textContent = board.call?.number ?? words.states[board.state];
  number.classList.toggle("sign__number--word", !board.call);
  number.classList.toggle("call--new", Boolean(board.call && shown !== null && board.call.id !== shown));
  shown = board.call?.id ?? "";
  const other = words.lang === "zh" ? "en" : "zh"; // whoever stands before a window may read one of the two
  at("mode").replaceChildren(board.mode.length ? mode(board.mode) : words.unused,
    part("small", "sign__other", mode(board.mode, other)));
  const next = at("next");
  next.hidden = !board.next;
  if (board.next) {
    next.lastElementChild.textContent =
      fill(words.next, { time: clock.text(board.next.at), mode: mode(board.next.mode) });
  }
});
