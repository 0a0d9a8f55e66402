// The voice of a hall: each call once, in Chinese and then in English, when somebody switched it on.
import { fill, words } from "./words.js";

const KEPT = "tidehall-voice"; // a screen on a wall keeps its voice over a night's restart

export class Voice {
  constructor(button) {
    this.button = button;
    this.said = null; // ids of calls already announced or older than this screen
    button.hidden = !("speechSynthesis" in window);
    button.setAttribute("aria-pressed", localStorage.getItem(KEPT) === "on");
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", on);
      localStorage.setItem(KEPT, on ? "on" : "off");
      if (!on) speechSynthesis.cancel();
    });
  }

  // Calls newest first. Those on the board when the screen starts are old news.
  hear(calls) {
    const fresh = this.said ? calls.filter((call) => !this.said.has(call.id)).reverse() : [];
    this.said ??= new Set();
    for (const call of calls) this.said.add(call.id);
    if (this.button.getAttribute("aria-pressed") === "true") fresh.forEach((call) => this.say(call));
    return fresh;
  }

  say(call) {
    const number = [...call.number].join(" ");
    for (const [lang, text] of [["zh-CN", words.say_zh], ["en", words.say_en]]) {
      const spoken = new SpeechSynthesisUtterance(fill(text, { number, label: call.label }));
      spoken.lang = lang;
      speechSynthesis.speak(spoken);
    }
  }
}
