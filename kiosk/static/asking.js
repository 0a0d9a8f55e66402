// One press is one request: it keeps its id until it is answered, so a double touch or a lost line
// never makes a second ticket. Where the presser went away unanswered, the next press for the same asks
// with the same id: if a ticket was made that nobody took, it is this visitor's.
import { Refusal, post, requestId } from "live";

const AGAIN_MS = 2_000;
const LEFT_MS = 3 * 60_000; // an older ticket may have been called already

export class Asking {
  constructor(onBusy, onLost) {
    Object.assign(this, { onBusy, onLost, busy: false, press: 0, left: new Map() });
  }

  // The answer; null when another press is under way or this one was given up; a Refusal is thrown.
  async ask(url, body) {
    if (this.busy) return null;
    this.set(true);
    const press = ++this.press;
    const asked = JSON.stringify([url, body]);
    const whole = { ...body, request_id: this.idFor(asked) };
    try {
      while (press === this.press) {
        try {
          const answer = await post(url, whole);
          this.onLost(false);
          if (press !== this.press) return null;
          this.left.delete(asked);
          return answer;
        } catch (error) {
          if (!(error instanceof Refusal) || error.code !== "offline") {
            this.left.delete(asked);
            throw error;
          }
          this.onLost(true);
          await new Promise((again) => setTimeout(again, AGAIN_MS));
        }
      }
      return null;
    } finally {
      if (press === this.press) this.set(false);
    }
  }

  idFor(asked) {
    const left = this.left.get(asked);
    const id = left && performance.now() - left.at < LEFT_MS ? left.id : requestId();
    this.left.set(asked, { id, at: performance.now() });
    return id;
  }

  // Whoever pressed has gone back or away: an answer that comes later belongs to nobody here.
  giveUp() {
    this.press += 1;
    this.set(false);
  }

  set(busy) {
    this.busy = busy;
    this.onBusy(busy);
  }
}
