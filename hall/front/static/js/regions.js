// Keeps the page's [data-region] parts equal to the server's. A hint makes it fast, a look makes it certain.
import { clock, watchHints } from "./live.js";

const HINT_MS = 1_000; // hints closer together than this are answered by one look: a hall has many staff pages
const LOOK_MS = 15_000; // looks by itself this often, should every hint be lost
const AGAIN_MS = 1_500; // after a failed look
const PATIENCE_MS = 8_000; // a look that takes longer counts as failed
const PRESS_MS = 3_000; // held down for longer, it is no press
const CLICK_MS = 50; // from lifting to the click

export class Regions {
  constructor(page, onLink) {
    this.page = page;
    this.onLink = onLink;
    this.version = -1;
    this.drawn = new Map();
    this.good = clock.now();
    this.looked = 0;
    this.online = true;
    this.running = null;
    this.pressed = null;
  }

  start() {
    this.keepWhatIsPressed();
    watchHints({ hall: this.page.dataset.hall, onHint: () => this.soon(), onStatus: () => this.refresh() });
    addEventListener("online", () => this.refresh());
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
    this.refresh();
  }

  soon() {
    this.hinted ??= setTimeout(() => {
      this.hinted = null;
      if (!document.hidden) this.refresh();
    }, Math.max(0, HINT_MS - (performance.now() - this.looked)));
  }

  // A click counts only where it began, so a region is not drawn anew under a mouse or key that is down.
  keepWhatIsPressed() {
    const begin = ({ target }) => (this.pressed = { region: target.closest("[data-region]"), at: performance.now() });
    const end = () => {
      this.pressed = null;
      if (this.isBehind) this.refresh();
    };
    this.page.addEventListener("pointerdown", begin);
    this.page.addEventListener("keydown", (event) => event.key === " " && begin(event));
    this.page.addEventListener("click", end);
    for (const lifted of ["pointerup", "pointercancel", "keyup"]) {
      addEventListener(lifted, () => {
        const { pressed } = this;
        if (pressed) setTimeout(() => this.pressed === pressed && end(), CLICK_MS); // no click came of it
      });
    }
  }

  isPressed(region) {
    return this.pressed?.region === region && performance.now() - this.pressed.at < PRESS_MS;
  }

  // Look now; whoever asks during a look gets one that began after they asked.
  refresh() {
    if (this.running) {
      this.wanted ??= this.running.then(() => {
        this.wanted = null;
        return this.refresh();
      });
      return this.wanted;
    }
    this.running = this.look().finally(() => (this.running = null));
    return this.running;
  }

  async look() {
    clearTimeout(this.timer);
    this.looked = performance.now();
    try {
      const answer = await fetch(this.page.dataset.stateUrl, {
        headers: { Accept: "application/json", ...(this.tag && { "If-None-Match": this.tag }) },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.status === 401 || answer.status === 403) return location.reload();
      if (answer.status === 304) return this.tell(true);
      if (!answer.ok) throw new Error(`state ${answer.status}`);
      this.draw(await answer.json());
      // What a dialog or a press kept back must come again, so only a whole drawing counts as seen.
      this.tag = this.isBehind ? null : answer.headers.get("ETag");
      return this.tell(true);
    } catch {
      return this.tell(false);
    } finally {
      this.timer = setTimeout(() => this.refresh(), this.online ? LOOK_MS : AGAIN_MS);
    }
  }

  draw({ version, regions }) {
    if (version < this.version) return; // an older answer that was overtaken on the way
    this.version = version;
    this.isBehind = false;
    for (const [name, html] of Object.entries(regions)) {
      const region = this.page.querySelector(`[data-region="${name}"]`);
      // A dialog that somebody is filling in stays, and so does what is being pressed; the region follows.
      if (!region || this.drawn.get(name) === html) continue;
      if (region.querySelector("dialog[open]") || this.isPressed(region)) {
        this.isBehind = true;
        continue;
      }
      const held = region.contains(document.activeElement) && document.activeElement.dataset.press;
      const open = [...region.querySelectorAll("details[open]")].map((each) => each.id);
      region.innerHTML = html;
      for (const id of open) region.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
      this.drawn.set(name, html);
      if (held) region.querySelector(`[data-press="${CSS.escape(held)}"]`)?.focus();
    }
    this.page.dispatchEvent(new CustomEvent("drawn"));
  }

  tell(online) {
    if (online) this.good = clock.now();
    this.online = online;
    this.onLink({ online, since: clock.text(this.good, { second: "2-digit" }) });
  }
}
