// One press is one request: it keeps its id until it is answered, so a double touch or a lost line
// never makes a second ticket.
import { Refusal, post, requestId } from "live";

const AGAIN_MS = 2_000;

export class Asking {
  constructor(onBusy, onLost) {
    Object.assign(this, { onBusy, onLost, busy: false });
  }

  // The answer; null when another press is under way; a Refusal is thrown with its text.
  async ask(url, body) {
    if (this.busy) return null;
    this.set(true);
    const whole = { ...body, request_id: requestId() };
    try {
      for (;;) {
        try {
          const answer = await post(url, whole);
          this.onLost(false);
          return answer;
        } catch (error) {
          if (!(error instanceof Refusal) || error.code !== "offline") throw error;
          this.onLost(true);
          await new Promise((again) => setTimeout(again, AGAIN_MS));
        }
      }
    } finally {
      this.set(false);
    }
  }

  set(busy) {
    this.busy = busy;
    this.onBusy(busy);
  }
}
