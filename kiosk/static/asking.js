// One press is one request: it keeps its id until it is answered, so a double touch or a lost line
// never makes a second ticket.
import { Refusal, post, requestId } from "live";

const AGAIN_MS = 2_000;

export class Asking {
  constructor(onBusy, onLost) {
    Object.assign(this, { onBusy, onLost, busy: false, press: 0 });
  }

  // The answer; null when another press is under way or this one was given up; a Refusal is thrown.
  async ask(url, body) {
    if (this.busy) return null;
    this.set(true);
    const press = ++this.press;
    const whole = { ...body, request_id: requestId() };
    try {
      while (press === this.press) {
        try {
          const answer = await post(url, whole);
          this.onLost(false);
          return press === this.press ? answer : null;
        } catch (error) {
          if (!(error instanceof Refusal) || error.code !== "offline") throw error;
          this.onLost(true);
          await new Promise((again) => setTimeout(again, AGAIN_MS));
        }
      }
      return null;
    } finally {
      if (press === this.press) this.set(false);
    }
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
