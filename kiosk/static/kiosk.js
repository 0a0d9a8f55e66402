// The kiosk: choose a service, take a ticket or book, check in, look after a ticket.
import { clock, get, watchBoard } from "live";
import { Asking } from "./asking.js";
import { Quieter } from "./quieter.js";
import { showDays } from "./slots.js";
import { fillSlip } from "./slip.js";
import { Steps } from "./steps.js";
import { fill, nameOf, service, wait, waiting, why, words } from "./words.js";

const TOLD_MS = 8_000; // how long a last word stays on the first page
const MENU_MS = 20_000; // the menu is asked for this often, whatever the board says

const page = document.querySelector("[data-kiosk]");
const { api, hall } = page.dataset;
const steps = new Steps(page, { onStart: leave, onIdle: freshStart });
const lost = page.querySelector("[data-lost]");
const told = page.querySelector("[data-told]");
const asking = new Asking(showBusy, (is) => {
  showLost(is);
  steps.trouble(is ? words.trying : "");
});
const quieter = new Quieter(api);
let chosen = null; // id of the service
let held = null; // the ticket on the screen
let since = clock.now();

function showBusy(busy) {
  page.classList.toggle("is-busy", busy);
  page.toggleAttribute("aria-busy", busy);
}

// Back at the start nothing is left of the visitor before.
function leave() {
  chosen = held = null;
  asking.giveUp();
}

// Nobody is here any more: the next visitor finds the hall's own language and print.
function freshStart() {
  setLarge(false);
  if (words.lang !== "zh") location.search = "?lang=zh";
}

function showLost(is) {
  if (!is) since = clock.now();
  lost.hidden = !is;
  lost.textContent = fill(words.lost, { time: clock.text(since) });
}

async function askFor(url, body, then) {
  steps.trouble("");
  try {
    const answer = await asking.ask(url, body);
    if (answer) then(answer);
  } catch (error) {
    steps.trouble(error.message);
  }
}

// The menu
async function menu() {
  try {
    words.services = (await get(`${api}/services`)).services;
    showLost(false);
  } catch (error) {
    if (error.status === 401 || error.status === 403) return location.reload();
    showLost(true);
  }
  drawMenu();
}

function drawMenu() {
  for (const tile of page.querySelectorAll("[data-service]")) {
    const one = service(tile.dataset.service);
    if (!one) continue;
    tile.querySelector("[data-waiting]").textContent = waiting(one.waiting);
    tile.querySelector("[data-wait]").textContent = wait(one.wait);
    tile.querySelector("[data-why]").textContent = one.open ? "" : why(one);
    tile.disabled = !one.open && !one.bookable;
    tile.classList.toggle("tile--shut", !one.open);
  }
}

watchBoard({ hall, board: "hall", onBoard: (board) => {
  for (const line of board.lines) {
    const one = service(line.service);
    if (one) Object.assign(one, { waiting: line.waiting, wait: { low_s: line.low_s, high_s: line.high_s } });
  }
  drawMenu();
}, onStatus: ({ online }) => showLost(!online) });
setInterval(menu, MENU_MS);
menu();

page.addEventListener("click", (event) => {
  const tile = event.target.closest("[data-service]");
  if (tile) return choose(tile.dataset.service);
  const take = event.target.closest("[data-take]");
  if (take) return askFor(`${api}/tickets`, { service: chosen, class: take.dataset.take }, taken);
  const slot = event.target.closest("[data-slot]");
  if (slot) return askFor(`${api}/bookings`, { service: chosen, at: slot.dataset.slot }, booked);
  if (event.target.closest("[data-book]")) return book();
  if (event.target.closest("[data-print]")) return print();
  if (event.target.closest("[data-again]")) return move("reactivate", () => look(held.number));
  if (event.target.closest("[data-give-up]")) return move("cancel", givenUp);
});

function choose(id) {
  chosen = id;
  steps.go("choose");
  const one = service(id);
  steps.at("name").textContent = nameOf(id);
  steps.at("now").textContent =
    one.open ? fill(words.now, { waiting: waiting(one.waiting), wait: wait(one.wait) }) : why(one);
  for (const button of steps.now.querySelectorAll("[data-take]")) button.hidden = !one.open;
  steps.at("book").hidden = !one.bookable;
  quieter.of(id, steps.at("quieter"));
}

function book() {
  const id = chosen;
  steps.go("slots");
  chosen = id;
  steps.at("name").textContent = nameOf(id);
  showDays(steps, `${api}/slots?service=${encodeURIComponent(id)}`, Number(page.dataset.days),
    (at) => quieter.at(at));
}

// A ticket on the screen
function taken({ ticket }) {
  showTicket(ticket, words.taken);
  fillSlip({
    number: ticket.number, service: nameOf(ticket.service), hint: words.slip_hint,
    line: fill(words.slip_ahead, { count: ticket.ahead, wait: wait(ticket.wait) }),
  });
}

function showTicket(ticket, headline) {
  held = ticket;
  steps.go("ticket");
  steps.at("headline").textContent = headline;
  steps.at("number").textContent = ticket.number;
  steps.at("name").textContent = nameOf(ticket.service);
  const isWaiting = ticket.state === "waiting";
  steps.at("ahead-part").hidden = steps.at("wait-part").hidden = !isWaiting;
  if (isWaiting) {
    steps.at("ahead").textContent = ticket.ahead;
    steps.at("wait").textContent = wait(ticket.wait);
  }
  steps.at("after").textContent =
    fill(words[`after_${ticket.state}`] ?? words.after_over, { window: ticket.label ?? ticket.window ?? "" });
  steps.at("print").hidden = !isWaiting;
  steps.at("again").hidden = ticket.state !== "passed";
  steps.at("give-up").hidden = !["waiting", "passed"].includes(ticket.state);
}

function move(verb, then) {
  askFor(`/api/v1/tickets/${held.id}/${verb}`, {}, then);
}

function givenUp() {
  steps.go("start");
  told.hidden = false;
  told.textContent = words.given_up;
  setTimeout(() => (told.hidden = true), TOLD_MS);
}

function booked({ booking }) {
  steps.go("booked");
  const at = new Date(booking.at).toLocaleString(words.lang === "zh" ? "zh-CN" : "en-GB", {
    month: "long", day: "numeric", weekday: "long", hour: "2-digit", minute: "2-digit", hour12: false,
    timeZone: document.body.dataset.zone,
  });
  steps.at("code").textContent = booking.code;
  steps.at("name").textContent = nameOf(booking.service);
  steps.at("at").textContent = at;
  fillSlip({ number: booking.code, service: nameOf(booking.service), line: at, hint: words.slip_code });
}

// Typed codes and numbers
for (const pad of page.querySelectorAll("[data-pad]")) {
  const typed = pad.closest("form").querySelector("[data-typed]");
  const keys = [...pad.dataset.pad, ...(pad.dataset.pad.includes("0") ? ["⌫"] : [])];
  for (const key of keys) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "pad__key", textContent: key });
    if (key === "⌫") button.setAttribute("aria-label", words.rub_out);
    button.addEventListener("click", () => {
      steps.trouble("");
      typed.value = key === "⌫" ? typed.value.slice(0, -1) : (typed.value + key).slice(0, typed.maxLength);
    });
    pad.append(button);
  }
}

page.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = steps.at("typed").value.trim().toUpperCase();
  if (event.target.dataset.form === "check-in") return checkIn(typed);
  return typed ? look(typed) : steps.trouble(words.number_short);
});

async function checkIn(code) {
  if (!/^\d{8}$/.test(code)) return steps.trouble(words.code_short);
  try {
    const { booking } = await get(`${api}/bookings?code=${code}`);
    await askFor(`/api/v1/bookings/${booking.id}/check-in`, {}, taken);
  } catch (error) {
    steps.trouble(error.message || fill(words.lost, { time: clock.text(since) }));
  }
}

async function look(number) {
  try {
    showTicket((await get(`/h/${hall}/kiosk/ticket?number=${encodeURIComponent(number)}`)).ticket, words.found);
  } catch (error) {
    steps.trouble(error.message || fill(words.lost, { time: clock.text(since) }));
  }
}

// Large print, kept while the same visitor changes the language.
const LARGE = "tidehall-large";
const large = document.querySelector("[data-large]");
large.addEventListener("click", () => setLarge(large.getAttribute("aria-pressed") !== "true"));

function setLarge(on) {
  document.documentElement.classList.toggle("is-large", on);
  large.setAttribute("aria-pressed", on);
  sessionStorage.setItem(LARGE, on ? "on" : "off");
}
setLarge(sessionStorage.getItem(LARGE) === "on");
