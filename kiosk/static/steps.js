// One step at a time, and back to the start when whoever stood here has gone.
import { fill, words } from "./words.js";

const IDLE_S = { start: Infinity, ticket: 45, booked: 45 }; // the others: REST_S
const REST_S = 90;
const WARN_S = 15; // the count is shown for the last seconds

export class Steps {
  constructor(page, onStart) {
    this.page = page;
    this.onStart = onStart;
    this.idle = page.querySelector("[data-idle]");
    this.name = "start";
    for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => this.touch());
    page.addEventListener("click", (event) => {
      const way = event.target.closest("[data-go]");
      if (way) this.go(way.dataset.go);
    });
    setInterval(() => this.tick(), 500);
    this.touch();
  }

  get now() {
    return this.page.querySelector(`[data-step="${this.name}"]`);
  }

  at(name) {
    return this.now.querySelector(`[data-${name}]`);
  }

  go(name) {
    this.name = name;
    for (const step of this.page.querySelectorAll("[data-step]")) step.hidden = step !== this.now;
    this.trouble("");
    for (const typed of this.now.querySelectorAll("[data-typed]")) typed.value = "";
    if (name === "start") this.onStart();
    const title = this.now.querySelector("h1");
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    scrollTo(0, 0);
    this.touch();
  }

  trouble(text) {
    const place = this.at("trouble");
    if (!place) return;
    place.hidden = !text;
    place.textContent = text;
  }

  touch() {
    this.left = (IDLE_S[this.name] ?? REST_S) * 1000 + performance.now();
  }

  tick() {
    const seconds = Math.ceil((this.left - performance.now()) / 1000);
    this.idle.hidden = !(seconds <= WARN_S);
    if (seconds <= 0) this.go("start");
    else if (!this.idle.hidden) this.idle.textContent = fill(words.idle, { seconds });
  }
}
