// Quieter times of the chosen service: one calm line, and what to expect at each slot that can be booked.
import { clock, get } from "live";
import { fill, words } from "./words.js";

const MINUTE_S = 60;
const HALF_HOUR_MS = 1_800_000;

// Ranges told ahead are whole minutes already, and may begin at none: up to 10 min.
const span = ({ low_s, high_s }) =>
  low_s ? fill(words.wait, { low: low_s / MINUTE_S, high: high_s / MINUTE_S }) : fill(words.up_to, { high: high_s / MINUTE_S });

// 14:30, and the day before it when it is not today.
function when(at) {
  const options = { timeZone: document.body.dataset.zone, month: "numeric", day: "numeric", weekday: "short" };
  const day = (instant) => new Date(instant).toLocaleDateString(document.documentElement.lang, options);
  return day(at) === day(clock.now()) ? clock.text(at) : `${day(at)} ${clock.text(at)}`;
}

export class Quieter {
  constructor(api) {
    this.api = api;
    this.later = [];
  }

  // Fills the line, or hides it: nothing known and nothing quieter are no news for whoever stands here.
  async of(service, line) {
    this.later = [];
    this.service = service;
    line.hidden = true;
    const found = await get(`${this.api}/quieter?service=${encodeURIComponent(service)}`).catch(() => null);
    if (!found || this.service !== service) return; // another service was chosen meanwhile
    const [row] = found.services;
    this.later = [...row.later, ...row.ahead];
    if (!row.quieter) return;
    line.querySelector("span").textContent = fill(words.quieter, { time: when(row.quieter.at), wait: span(row.quieter) });
    line.hidden = false;
  }

  // The wait to be expected at a slot's start; empty when it is not known.
  at(slot) {
    const at = Date.parse(slot);
    const found = this.later.find((one) => at >= Date.parse(one.at) && at < Date.parse(one.at) + HALF_HOUR_MS);
    return found ? span(found) : "";
  }
}
