// Days and the free slots of one of them.
import { clock, get } from "live";
import { fill, words } from "./words.js";

const DAY_MS = 86_400_000;
const locale = words.lang === "zh" ? "zh-CN" : "en-GB";
const timeZone = document.body.dataset.zone;

export function showDays(steps, url, days, waitAt) {
  const tabs = steps.at("days-list");
  const dates = Array.from({ length: days + 1 }, (_, n) => new Date(clock.now().getTime() + n * DAY_MS));
  tabs.replaceChildren(...dates.map((date, index) => {
    const tab = document.createElement("button");
    const weekday = index ? date.toLocaleDateString(locale, { weekday: "short", timeZone }) : words.today;
    tab.append(weekday, document.createElement("br"),
      date.toLocaleDateString(locale, { month: "numeric", day: "numeric", timeZone }));
    Object.assign(tab, { type: "button", className: "day", role: "tab" });
    tab.addEventListener("click", () => showDay(steps, url, date, tab, waitAt));
    return tab;
  }));
  tabs.firstElementChild.click();
}

async function showDay(steps, url, date, tab, waitAt) {
  for (const other of tab.parentElement.children) other.setAttribute("aria-selected", other === tab);
  steps.trouble("");
  const day = date.toLocaleDateString("sv-SE", { timeZone }); // YYYY-MM-DD
  try {
    const { slots } = await get(`${url}&day=${day}`);
    if (tab.getAttribute("aria-selected") !== "true") return; // another day was chosen meanwhile
    steps.at("slots").replaceChildren(...slots.map((slot) => drawSlot(slot, waitAt(slot.at))));
    steps.at("no-slots").hidden = slots.some((slot) => slot.free > 0);
  } catch (error) {
    steps.trouble(error.message);
  }
}

function drawSlot({ at, free }, wait) {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "slot", disabled: !free });
  button.dataset.slot = at;
  const time = Object.assign(document.createElement("strong"), { className: "figures", textContent: clock.text(at) });
  const places = Object.assign(document.createElement("span"), { textContent: free ? fill(words.free, { count: free }) : words.full });
  button.append(time, places);
  if (wait && free) button.append(Object.assign(document.createElement("span"), { className: "slot__wait", textContent: wait }));
  item.append(button);
  return item;
}
