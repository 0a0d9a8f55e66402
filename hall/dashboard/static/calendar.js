// Adds, changes and removes days of the hall's own calendar; each change can be undone by the change back.
import { post, requestId } from "live";

const page = document.querySelector(".days");
const form = page.querySelector("[data-form]");
const words = JSON.parse(page.querySelector("[data-words]").textContent);
const part = (name) => page.querySelector(`[data-${name}]`);
const MINUTE_S = 60, HOUR_S = 3600;
let changing = null; // the entry in the form, as it was told
let undo = null; // the change that takes the last one back
let unanswered = {}; // a change whose answer was lost keeps its request id: nothing is done twice

const second = (text) => (text ? text.split(":").reduce((sum, value, i) => sum + value * (i ? MINUTE_S : HOUR_S), 0) : null);
const clock = (at) => [at / HOUR_S, (at % HOUR_S) / MINUTE_S].map((n) => String(Math.floor(n)).padStart(2, "0")).join(":");
const entryUrl = ({ id }) => `${page.dataset.url}/${encodeURIComponent(id)}`;
const said = ({ id, ...fields }) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

// Only the fields of the kind in hand are shown, and sent.
function fit() {
  for (const field of form.querySelectorAll("[data-for]")) {
    field.hidden = field.dataset.for !== form.kind.value;
    for (const input of field.querySelectorAll("input")) input.disabled = field.hidden;
  }
}

function wanted() {
  const is = (kind) => form.kind.value === kind;
  const services = [...form.querySelectorAll("[name=services]:checked")].map((box) => box.value);
  return said({
    from: form.from.value || null, to: form.to.value || null, kind: form.kind.value, note: form.note.value.trim() || null,
    factor: is("event") && form.factor.value ? Number(form.factor.value) : null, services: is("event") ? services : null,
    open_s: is("half") ? second(form.open_s.value) : null, close_s: is("half") ? second(form.close_s.value) : null,
  });
}

async function change(url, body, method = "POST") {
  const asked = JSON.stringify([url, body, method]);
  if (unanswered.asked !== asked) unanswered = { asked, id: requestId() };
  const answer = await post(url, { ...body, request_id: unanswered.id }, { method });
  unanswered = {};
  return answer;
}

async function attempt(act) {
  part("wrong").hidden = true;
  try {
    const text = await act();
    await redraw();
    part("said").hidden = false;
    part("said").querySelector(".said__text").textContent = text;
    part("undo").hidden = undo === null;
  } catch (error) {
    wrong(error);
  }
}

function wrong({ message, path }) {
  const name = path?.split("/")[1];
  const field = form.querySelector(`[name="${name}"]`);
  const label = field?.closest("fieldset, .field")?.querySelector("label, legend")?.textContent;
  // The API names its own field, which means nothing beside a label. Times of day have colons too.
  const rest = label && message.startsWith(name) ? message.slice(name.length).replace(/^\s*[:：]\s*/, "") : message;
  part("wrong").textContent = label ? `${label}${words.colon}${rest}` : message || words.lost;
  part("wrong").hidden = false;
  field?.focus();
}

// The server draws the calendar; the page takes its newest drawing over.
async function redraw() {
  const html = await (await fetch(location.href, { headers: { Accept: "text/html" } })).text();
  part("shown").replaceWith(new DOMParser().parseFromString(html, "text/html").querySelector("[data-shown]"));
}

const remove = (entry) => change(entryUrl(entry), {}, "DELETE");
const add = async (fields) => (await change(page.dataset.url, fields)).entry;

function send() {
  const before = changing;
  return attempt(async () => {
    if (before) {
      await change(entryUrl(before), wanted());
      undo = () => change(entryUrl(before), said(before));
    } else {
      const entry = await add(wanted());
      undo = () => remove(entry);
    }
    edit(null);
    return before ? words.altered : words.added;
  });
}

function edit(entry) {
  changing = entry;
  part("title").textContent = entry ? words.change : words.add;
  part("send").textContent = entry ? words.save : words.send;
  part("leave").hidden = entry === null;
  part("wrong").hidden = true;
  if (!entry) return form.note.value = "", fit();
  for (const name of ["from", "to", "kind"]) form[name].value = entry[name];
  form.note.value = entry.note ?? "";
  form.factor.value = entry.factor ?? form.factor.value;
  for (const name of ["open_s", "close_s"]) if (entry[name] !== null) form[name].value = clock(entry[name]);
  for (const box of form.querySelectorAll("[name=services]")) box.checked = entry.services.includes(box.value);
  fit();
  form.from.focus();
}

page.addEventListener("click", ({ target }) => {
  const day = target.closest("[data-day]")?.dataset.day;
  if (day) {
    form.from.value = form.to.value = day;
    form.kind.focus();
    form.scrollIntoView({ block: "nearest" });
  }
  const row = target.closest("[data-entry]");
  const entry = row && JSON.parse(row.dataset.entry);
  if (target.closest("[data-change]")) edit(entry);
  if (target.closest("[data-remove]")) attempt(async () => {
    await remove(entry);
    undo = () => add(said(entry));
    if (changing?.id === entry.id) edit(null);
    return words.removed;
  });
});
part("undo").addEventListener("click", () => attempt(async () => {
  await undo();
  undo = null;
  return words.undone;
}));
part("leave").addEventListener("click", () => edit(null));
form.addEventListener("submit", (event) => (event.preventDefault(), send()));
form.from.addEventListener("change", () => form.to.value < form.from.value && (form.to.value = form.from.value));
form.kind.addEventListener("change", fit);
fit();
