// A staff page: regions that follow the hall, presses that become one request each, keys, dialogs.
import { startAsking } from "./ask.js";
import { startKeys } from "./keys.js";
import { Presses } from "./press.js";
import { Regions } from "./regions.js";
import { startTimers } from "./timers.js";

const page = document.querySelector("[data-staff]");
const words = JSON.parse(page.querySelector("[data-words]").textContent);
const link = page.querySelector("[data-link]");
const regions = new Regions(page, showLink);
const presses = new Presses(page, words, regions);

startAsking(page, presses);
startKeys(presses);
startTimers(page);
regions.start();
page.classList.add("is-ready");

// What the connection is like, in words and with the time of the last good state.
function showLink({ online, since }) {
  const kept = presses.isKept;
  page.classList.toggle("is-offline", !online);
  link.hidden = online && !kept;
  link.textContent = (kept ? words.kept : words.lost).replace("{time}", since);
}
