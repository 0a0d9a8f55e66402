// What every page's script stands on: the hall's clock, requests that are answered once, live boards.
import { io } from "socket.io-client";

const BEAT_MS = 45_000; // two beats and a little: a board that has heard nothing for longer asks again
const PATIENCE_MS = 10_000; // a request that takes longer counts as unanswered

// The hall's time, told by the page: it may run faster than real time, and starts where the server says.
const told = JSON.parse(document.body.dataset.clock || "null");
const began = performance.now();
export const clock = {
  now: () => (told ? new Date(Date.parse(told.hall_at) + (performance.now() - began) * told.speed) : new Date()),
  text: (at = clock.now(), more = {}) =>
    new Date(at).toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit", minute: "2-digit", hour12: false, timeZone: document.body.dataset.zone || undefined, ...more,
    }),
};

for (const face of document.querySelectorAll("[data-hall-clock]")) {
  const show = () => (face.textContent = clock.text());
  show();
  setInterval(show, 1_000);
}

// An id for one press. crypto.randomUUID exists on https and localhost only; a hall's network is often http.
export function requestId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A refusal (`code`, `message`, `path`), or code "offline" when no answer came.
export class Refusal extends Error {
  constructor({ code, message, path }, status = 0) {
    super(message);
    Object.assign(this, { code, path, status });
  }
}

// One change asked of the server. Send the same request_id again after "offline": nothing is done twice.
export async function post(url, body = {}, { method = "POST" } = {}) {
  return ask(url, {
    method,
    headers: {
      "Content-Type": "application/json", "Accept-Language": document.documentElement.lang,
      "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    },
    body: JSON.stringify({ request_id: requestId(), ...body }),
  });
}

export function get(url) {
  return ask(url, { headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang } });
}

async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 204) return null;
    if (answer.status < 500) {
      const found = await answer.json();
      if (answer.ok) return found;
      throw new Refusal(found.error, answer.status);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
  }
  throw new Refusal({ code: "offline", message: "" }, answer?.status ?? 0);
}

let shared;
function socket() {
  shared ??= io("/board", { transports: ["websocket", "polling"], reconnectionDelay: 300, reconnectionDelayMax: 3_000 });
  return shared;
}

// Keeps one board equal to the server's. onBoard(board, version) with every newer whole board;
// onStatus({online, since}) when the connection goes or comes, `since` being the last good moment.
export function watchBoard({ hall, board, onBoard, onStatus = () => {} }) {
  const line = socket();
  let version = -1;
  let good = clock.now();
  let heard = performance.now();

  const draw = (found) => {
    heard = performance.now();
    good = clock.now();
    if (found.version <= version) return;
    version = found.version;
    onBoard(found.board, version);
  };
  const join = () =>
    line.timeout(PATIENCE_MS).emit("join", { hall, board }, (lost, found) => {
      if (lost) return;
      if (found.error) return onStatus({ online: false, since: good, error: found.error });
      draw(found);
      onStatus({ online: true, since: good });
    });

  line.on("connect", join);
  line.on("disconnect", () => onStatus({ online: false, since: good }));
  line.on("board", (found) => found.hall === hall && found.name === board && draw(found));
  line.on("beat", (beat) => {
    if (beat.hall !== hall) return;
    heard = performance.now();
    if ((beat.boards[board] ?? -1) > version) join();
  });
  setInterval(() => line.connected && performance.now() - heard > BEAT_MS && join(), BEAT_MS / 3);
  if (line.connected) join();
}

// Tells staff pages that something of their hall changed; they fetch their own state.
export function watchHints({ hall, onHint, onStatus = () => {} }) {
  const line = socket();
  const join = () =>
    line.timeout(PATIENCE_MS).emit("join", { hall, board: "staff" }, (lost, found) =>
      onStatus({ online: !lost && !found.error }));
  line.on("connect", join);
  line.on("disconnect", () => onStatus({ online: false }));
  line.on("hint", (hint) => hint.hall === hall && onHint(hint));
  if (line.connected) join();
}
