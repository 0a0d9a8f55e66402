// Asks one what-if, shows how far it is, stops it where that is wanted, and shows the answer.
import { answered } from "./whatif-answer.js";
import { prepared } from "./whatif-form.js";

const page = document.querySelector(".whatif");
const form = page.querySelector("[data-form]");
const words = JSON.parse(page.querySelector("[data-words]").textContent);
const part = (name) => page.querySelector(`[data-${name}]`);
const asking = prepared(form, part, words);
const show = answered(part, words);
let run; // the question that is being worked on

const post = (url, id, more) => fetch(`${url}?run=${id}`, {
  method: "POST",
  headers: {
    "Content-Type": "application/json", Accept: "application/json", "Accept-Language": document.documentElement.lang,
    "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
  },
  ...more,
});

async function answer({ id, gone }, question) {
  const told = await post(page.dataset.url, id, { body: JSON.stringify(question), signal: gone.signal });
  if (!told.ok) return told.json();
  let rest = "", last = {};
  const lines = told.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let { value, done } = await lines.read(); !done; { value, done } = await lines.read()) {
    const pieces = (rest + value).split("\n");
    rest = pieces.pop();
    for (const piece of pieces) {
      last = JSON.parse(piece);
      if ("done" in last) part("progress").value = last.of ? last.done / last.of : 0;
    }
  }
  return last;
}

async function ask(event) {
  event.preventDefault();
  if (run) return;
  const asked = asking.asked();
  const mine = run = { id: crypto.getRandomValues(new Uint32Array(4)).join("-"), gone: new AbortController() };
  part("ask").setAttribute("aria-disabled", "true"); // not disabled: the focus would fall off the page
  part("wrong").hidden = part("found").hidden = true;
  part("progress").value = 0;
  part("busy").hidden = false;
  try {
    const told = await answer(mine, asked.question);
    if (told.answer) show(told, asked);
    else wrong(told.error ?? { message: words.lost });
  } catch {
    wrong({ message: mine.gone.signal.aborted ? words.stopped : words.lost });
  } finally {
    const held = document.activeElement;
    run = undefined;
    part("ask").removeAttribute("aria-disabled");
    const was_on_busy = part("busy").contains(held);
    part("busy").hidden = true;
    if (was_on_busy || held === document.body || held === part("ask")) (part("found").hidden ? part("ask") : part("asked")).focus();
  }
}

// The server ends the work and frees its place; where it is not reached, it ends when nobody reads on.
async function stop() {
  const { id, gone } = run;
  await post(page.dataset.stop, id).catch(() => {});
  gone.abort();
}

function wrong({ message, path }) {
  const field = form.elements[path?.slice(1)];
  const label = field?.labels?.[0]?.textContent;
  part("wrong").textContent = label ? `${label}: ${message}` : message;
  part("wrong").hidden = false;
  field?.focus?.();
}

form.addEventListener("submit", ask);
part("cancel").addEventListener("click", stop);
