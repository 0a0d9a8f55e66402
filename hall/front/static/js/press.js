// One press is one request: its id is made once and sent again until it is answered, so nothing doubles.
import { post, requestId } from "./live.js";

const AGAIN_MS = 1_500; // between two tries of a press whose answer did not come
const LOST = Symbol("no answer came");

export class Presses {
  constructor(page, words, regions) {
    Object.assign(this, { page, words, regions, isKept: false, isBusy: false });
    this.said = page.querySelector("[data-said]");
    this.said.querySelector("[data-said-undo]").addEventListener("click", () => this.undo());
    page.addEventListener("click", (event) => {
      const button = event.target.closest("[data-press]");
      if (!button) return;
      if (event.detail) button.blur(); // after a mouse click the keys belong to the page again
      this.press(button);
    });
  }

  press(button, more = {}) {
    const { url, method, done, empty, undo } = button.dataset;
    const body = { ...JSON.parse(button.dataset.body || "{}"), ...more };
    return this.send({ url, method, body, done, empty, undo: undo && JSON.parse(undo), button });
  }

  async send({ url, method = "POST", body, done, empty, undo, button }) {
    if (this.isBusy) return false;
    this.busy(true, button);
    this.hush();
    try {
      if (!this.regions.online) await this.regions.refresh(); // one look may have been lost, no more
      if (!this.regions.online) return this.say(this.words.out, { wrong: true });
      const answer = await this.untilAnswered(url, { ...body, request_id: requestId() }, method);
      await this.regions.refresh();
      // Nothing to call because a flip began: the screen says that by itself.
      if (!answer) this.say(this.still(button) ? empty || done : done);
      else this.say(done, { undo });
      return true;
    } catch (error) {
      await this.regions.refresh();
      return this.say(error.message || this.words.failed, { wrong: true });
    } finally {
      this.busy(false, button);
    }
  }

  // The answer, or the server's refusal as an error; a lost connection is waited for.
  async untilAnswered(url, body, method) {
    try {
      for (;;) {
        const answer = await post(url, body, { method }).catch((error) => {
          if (error.code !== "offline") throw error;
          return LOST;
        });
        if (answer !== LOST) return answer;
        this.isKept = true;
        this.regions.tell(false);
        await new Promise((again) => setTimeout(again, AGAIN_MS));
      }
    } finally {
      this.isKept = false;
    }
  }

  // Whether the page still offers what was pressed.
  still(button) {
    const name = button?.dataset.press;
    return !name || this.page.querySelector(`[data-press="${CSS.escape(name)}"]`) !== null;
  }

  undo() {
    const { url, body } = JSON.parse(this.said.dataset.undo);
    return this.send({ url, body, done: this.words.undone });
  }

  say(text, { wrong = false, undo = null } = {}) {
    if (!text) return !wrong;
    this.said.hidden = false;
    this.said.classList.toggle("said--wrong", wrong);
    this.said.querySelector(".said__text").textContent = text;
    this.said.querySelector("[data-said-undo]").hidden = !undo;
    if (undo) this.said.dataset.undo = JSON.stringify(undo);
    return !wrong;
  }

  hush() {
    this.said.hidden = true;
  }

  busy(is, button) {
    this.isBusy = is;
    this.page.classList.toggle("is-busy", is); // CSS dims every press and shows a spinner after 150 ms
    if (button?.isConnected) button.toggleAttribute("aria-busy", is);
  }
}
