// One step at a time, and back to the start when whoever stood here has gone.
import { fill, words } from "./words.js";

const REST_S = 90; // never under a minute: slow hands must not be hurried (DOMAIN.md §F 54)
const WARN_S = 20; // the count is shown for the last seconds

export class Steps {
  constructor(page, { onStart, onIdle }) {
    Object.assign(this, { page, onStart, onIdle });
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
    this.left = REST_S * 1000 + performance.now();
  }

  // Once for each visitor, also for one who only looked at the first page.
  end() {
    if (this.name !== "start") this.go("start");
    this.left = Infinity;
    this.onIdle();
  }

  tick() {
    const seconds = Math.ceil((this.left - performance.now()) / 1000);
    this.idle.hidden = this.name === "start" || seconds > WARN_S;
    if (seconds <= 0) this.end();
    else if (!this.idle.hidden) this.idle.textContent = fill(words.idle, { seconds });
  }
}
