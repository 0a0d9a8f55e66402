// A screen on the wall: draws each newer board whole, and says when what it shows was last true.
import { clock, watchBoard } from "live";
import { fill, words } from "./words.js";

export function startScreen(draw) {
  const screen = document.querySelector("[data-screen]");
  const lost = screen.querySelector("[data-lost]");
  watchBoard({
    hall: screen.dataset.hall,
    board: screen.dataset.board,
    onBoard: draw,
    onStatus: ({ online, since, error }) => {
      screen.classList.toggle("is-stale", !online);
      lost.hidden = online;
      lost.textContent = error ? words.refused : fill(words.lost, { time: clock.text(since) });
    },
  });
}
