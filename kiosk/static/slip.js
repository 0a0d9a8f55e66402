// The slip: filled, then printed by the browser; at once where this kiosk has a printer (?print=1, remembered).
import { clock } from "live";
import { words } from "./words.js";

const ALWAYS = "tidehall-print";
const asked = new URLSearchParams(location.search).get("print");
if (asked !== null) localStorage.setItem(ALWAYS, asked);

const at = (name) => document.querySelector(`[data-slip-${name}]`);

export function fillSlip({ number, service, line, hint }) {
  at("number").textContent = number;
  at("service").textContent = service;
  at("line").textContent = line;
  at("hint").textContent = hint;
  const now = clock.now();
  at("at").textContent = `${now.toLocaleDateString(words.lang === "zh" ? "zh-CN" : "en-GB",
    { timeZone: document.body.dataset.zone })} ${clock.text(now)}`;
  if (localStorage.getItem(ALWAYS) === "1") print();
}
