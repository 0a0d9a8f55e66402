// The slip: filled, then printed by the browser; at once where this kiosk has a printer (?print=1&paper=58,
// both remembered by the machine).
import { clock } from "live";
import { words } from "./words.js";

const asked = new URLSearchParams(location.search);
const kept = (name) => {
  const key = `tidehall-${name}`;
  if (asked.has(name)) localStorage.setItem(key, asked.get(name));
  return localStorage.getItem(key);
};
const prints = kept("print") === "1";
document.documentElement.dataset.paper = kept("paper") ?? "80";

const at = (name) => document.querySelector(`[data-slip-${name}]`);

export function fillSlip({ number, service, line, hint }) {
  at("number").textContent = number;
  at("service").textContent = service;
  at("line").textContent = line;
  at("hint").textContent = hint;
  const now = clock.now();
  at("at").textContent = `${now.toLocaleDateString(words.lang === "zh" ? "zh-CN" : "en-GB",
    { timeZone: document.body.dataset.zone })} ${clock.text(now)}`;
  if (prints) print();
}
