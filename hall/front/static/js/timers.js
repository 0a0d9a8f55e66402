// [data-since]: minutes and seconds since an instant of the hall's time, counted on.
import { clock } from "./live.js";

const TICK_MS = 1_000;

export function startTimers(page) {
  const show = () => {
    for (const timer of page.querySelectorAll("[data-since]")) {
      const past_s = Math.max(0, Math.floor((clock.now() - new Date(timer.dataset.since)) / 1000));
      timer.textContent = `${Math.floor(past_s / 60)}:${String(past_s % 60).padStart(2, "0")}`;
    }
  };
  page.addEventListener("drawn", show);
  setInterval(show, TICK_MS);
  show();
}
