// Asks one what-if, shows how far it is, draws the answer and writes it as a table.
import * as echarts from "echarts";

const page = document.querySelector(".whatif");
const form = page.querySelector("[data-form]");
const words = JSON.parse(page.querySelector("[data-words]").textContent);
const part = (name) => page.querySelector(`[data-${name}]`);
const number = new Intl.NumberFormat(words.lang === "zh" ? "zh-CN" : "en", { maximumFractionDigits: 1 });
const MEASURES = [["mean", "mean_s", 1 / 60], ["p90", "p90_s", 1 / 60], ["half", "over_30_min", 100], ["late", "late", 100]];
let chart;

const filled = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const range = (found, factor = 1) => found === null ? words.nobody : filled(words.range, numbers(found, factor));
const numbers = ({ value, low, high }, factor) => ({
  value: number.format(value * factor), low: number.format(low * factor), high: number.format(high * factor),
});

function kind() {
  return form.ask.value;
}

// Only the fields of the question in hand are shown; a service must be named where one is authorised.
function fit() {
  for (const field of form.querySelectorAll("[data-for]")) {
    const is_asked = field.dataset.for.split(" ").includes(kind());
    field.hidden = !is_asked;
    field.querySelector("select, input").disabled = !is_asked;
  }
  const all = form.querySelector("[data-all]");
  all.disabled = all.hidden = ["authorised", "equipped"].includes(kind());
  if (all.disabled && form.service.value === "") form.service.selectedIndex = 1;
}

function question() {
  const [ask, of] = kind().split(" ");
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "ask" && value !== "");
  return { ask, ...(of ? { of } : {}), ...Object.fromEntries(fields) };
}

async function answer() {
  const told = await fetch(page.dataset.url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json", Accept: "application/json", "Accept-Language": document.documentElement.lang,
      "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    },
    body: JSON.stringify(question()),
  });
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
  const asked = form.ask.selectedOptions[0];
  part("ask").disabled = true;
  part("busy").hidden = false;
  part("wrong").hidden = part("found").hidden = true;
  part("progress").value = 0;
  try {
    const told = await answer();
    if (told.answer) show(told.answer, asked);
    else wrong(told.error ?? { message: words.lost });
  } catch {
    wrong({ message: words.lost });
  } finally {
    part("ask").disabled = false;
    part("busy").hidden = true;
  }
}

function wrong({ message, path }) {
  const field = form.elements[path?.slice(1)];
  const label = field?.labels?.[0]?.textContent;
  part("wrong").textContent = label ? `${label}: ${message}` : message;
  part("wrong").hidden = false;
  field?.focus?.();
}

function show(told, asked) {
  part("found").hidden = false;
  part("asked").textContent = asked.textContent;
  part("note").textContent = filled(words.note, { days: told.replications });
  part("chart").hidden = Boolean(told.worth);
  if (told.worth) rank(told.worth);
  else compare(told, asked.value === "promise");
}

function shortly(found, factor, fewer, same, more) {
  if (found === null) return words.nobody;
  const { value, low, high } = found;
  const size = high < 0 ? { value: -value, low: -high, high: -low } : { value, low, high };
  return filled(low > 0 ? more : high < 0 ? fewer : same, numbers(size, factor));
}

function compare(told, is_promise) {
  // Another promise serves nobody sooner: it changes how many wait longer than promised.
  part("short").textContent = is_promise
    ? shortly(told.hall.difference.late, 100, words.fewer_late, words.same_late, words.more_late)
    : shortly(told.hall.difference.mean_s, 1 / 60, words.better, words.same, words.worse);
  const rows = [[words.hall, told.hall], ...Object.entries(told.services).map(([id, row]) => [words.services[id] ?? id, row])];
  table(
    [words.service, ...MEASURES.flatMap(([name]) => [`${words[name]}: ${words.now}`, words.then]), words.apart],
    rows.map(([name, row]) => [
      name,
      ...MEASURES.flatMap(([, measure, factor]) => [range(row.before[measure], factor), range(row.after[measure], factor)]),
      range(row.difference.mean_s, 1 / 60),
    ]),
  );
  draw(rows.filter(([, row]) => row.before.mean_s && row.after.mean_s).reverse());
}

function rank(worth) {
  part("short").textContent = worth.length ? "" : words.worthless;
  table([words.who, words.family, words.saved], worth.map((row) => [
    words.clerks[row.who] ?? words.windows[row.who] ?? row.who, words.families[row.family] ?? row.family, range(row),
  ]));
}

function table(heads, rows) {
  const cell = (tag, text, scope) => Object.assign(document.createElement(tag), { textContent: text, ...(scope ? { scope } : {}) });
  const line = (cells) => {
    const row = document.createElement("tr");
    row.append(...cells);
    return row;
  };
  const head = document.createElement("thead"), body = document.createElement("tbody");
  head.append(line(heads.map((text) => cell("th", text, "col"))));
  body.append(...rows.map(([first, ...rest]) => line([cell("th", first, "row"), ...rest.map((text) => cell("td", text))])));
  part("table").replaceChildren(head, body);
}

// A pair of bars for each line, with the range of each as a whisker.
function draw(rows) {
  const box = part("chart");
  box.style.height = `${80 + 44 * rows.length}px`;
  chart?.dispose();
  chart = echarts.init(box);
  const style = getComputedStyle(document.body);
  const colors = ["#8a94a3", "#1f5fbf"];
  const minutes = (row, side, key) => row[side].mean_s[key] / 60;
  const whiskers = (side, shift) => ({
    type: "custom", silent: true, z: 10, data: rows.map(([, row], i) => [minutes(row, side, "low"), minutes(row, side, "high"), i]),
    encode: { x: [0, 1], y: 2 }, tooltip: { show: false },
    renderItem: (_, api) => {
      const [left, y] = api.coord([api.value(0), api.value(2)]), [right] = api.coord([api.value(1), api.value(2)]);
      const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: style.color, lineWidth: 1.5 } });
      const at = y + shift;
      return { type: "group", children: [line(left, at, right, at), line(left, at - 4, left, at + 4), line(right, at - 4, right, at + 4)] };
    },
  });
  const bars = (name, side) => ({ name, type: "bar", barWidth: 12, barGap: "20%", data: rows.map(([, row]) => minutes(row, side, "value")) });
  chart.setOption({
    animation: false, color: colors, textStyle: { fontFamily: style.fontFamily, color: style.color },
    legend: { data: [words.now, words.then], top: 0, textStyle: { color: style.color } },
    grid: { left: 8, right: 24, top: 36, bottom: 32, containLabel: true },
    xAxis: { type: "value", name: words.mean, nameLocation: "middle", nameGap: 28, min: 0 },
    yAxis: { type: "category", data: rows.map(([name]) => name), axisLabel: { color: style.color } },
    series: [bars(words.now, "before"), bars(words.then, "after"), whiskers("before", -7.2), whiskers("after", 7.2)],
  });
}

addEventListener("resize", () => chart?.resize());
form.ask.addEventListener("change", fit);
form.addEventListener("submit", ask);
fit();
