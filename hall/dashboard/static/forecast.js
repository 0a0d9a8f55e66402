// Fetches how good the forecast was, shows how far that is, says it in words, draws it and writes tables.
import * as echarts from "echarts";

const page = document.querySelector(".past");
const words = JSON.parse(page.querySelector("[data-words]").textContent);
const part = (name) => page.querySelector(`[data-${name}]`);
const locale = words.lang === "zh" ? "zh-CN" : "en-GB";
const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const weekday = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", weekday: "short", timeZone: "UTC" });
const FEW_DAYS = 10; // below, one day more or less inside the range changes the sentence
const [EXPECTED, LOW, HIGH, CAME, BEFORE] = [0, 1, 2, 3, 4];
let chart;

const filled = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const percent = (miss, mean) => (mean ? fine.format((100 * miss) / mean) : "–");
const people = (value) => (value === null || value === undefined ? "–" : value < 20 ? fine.format(value) : number.format(value));
const dayText = (day) => weekday.format(new Date(`${day}T00:00:00Z`));
const isOutside = (row) => row[CAME] < row[LOW] || row[CAME] > row[HIGH];

async function load() {
  const told = await fetch(page.dataset.url, { headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang } });
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

function show(told) {
  const names = { "": words.hall, ...words.services };
  const series = { "": told.hall, ...told.services };
  part("series").replaceChildren(...Object.keys(series).map((id) => new Option(names[id] ?? id, id)));
  part("made-up").hidden = told.made_up === 0;
  part("made-up").textContent = filled(words.made_up, { made_up: told.made_up, days: told.days.length });
  table("services", [words.service, words.days_inside, words.typical, words.percent, words.simple_head],
    Object.entries(series).map(([id, one]) => [
      names[id] ?? id, filled(words.of, one), people(one.miss), percent(one.miss, one.mean),
      one.simple_days ? people(one.simple_miss) : "–",
    ]));
  const pick = () => one(names[part("series").value] ?? part("series").value, told.days, series[part("series").value]);
  part("series").addEventListener("change", pick);
  part("found").hidden = false;
  pick();
}

function one(name, days, series) {
  part("name").textContent = name;
  part("short").replaceChildren(...sentences(series).map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  const rows = days.map((day, i) => [day, series.by_day[i]]).filter(([, row]) => row);
  table("days", [words.day, words.expected, words.range, words.came, words.week_before], [...rows].reverse().map(([day, row]) => [
    dayText(day), people(row[EXPECTED]), `${people(row[LOW])} – ${people(row[HIGH])}`,
    isOutside(row) ? Object.assign(document.createElement("strong"), { className: "is-outside", textContent: `${people(row[CAME])} · ${words.outside}` }) : people(row[CAME]),
    people(row[BEFORE]),
  ]));
  draw(rows);
}

function sentences(series) {
  const { miss, mean, days } = series;
  const found = [filled(words.inside, series), filled(words.miss, { miss: people(miss), mean: people(mean), percent: percent(miss, mean) })];
  if (series.simple_days) {
    const { simple_miss, simple_mean, simple_days, as_simple } = series;
    found.push(filled(words.simple, {
      miss: people(simple_miss), percent: percent(simple_miss, simple_mean), days: simple_days, own: people(as_simple),
    }));
    if (as_simple >= simple_miss) found.push(words.nobetter);
  }
  if (days < FEW_DAYS) found.push(filled(words.few, { days }));
  return found;
}

function table(name, heads, rows) {
  const cell = (tag, content, scope) => {
    const made = Object.assign(document.createElement(tag), scope ? { scope } : {});
    made.append(content);
    return made;
  };
  const line = (cells) => {
    const row = document.createElement("tr");
    row.append(...cells);
    return row;
  };
  const head = document.createElement("thead"), body = document.createElement("tbody");
  head.append(line(heads.map((text) => cell("th", text, "col"))));
  body.append(...rows.map(([first, ...rest]) => line([cell("th", first, "row"), ...rest.map((content) => cell("td", content))])));
  part(name).replaceChildren(head, body);
}

// The range as a band, what was expected as a line, who came as dots; outside the band a dot is a diamond.
function draw(rows) {
  chart?.dispose();
  chart = echarts.init(part("chart"));
  const style = getComputedStyle(document.body);
  const color = (name) => style.getPropertyValue(name).trim();
  const at = (index) => rows.map(([, row]) => row[index]);
  const band = (data, more) => ({ type: "line", stack: "range", symbol: "none", silent: true, z: 1, lineStyle: { opacity: 0 }, data, ...more });
  chart.setOption({
    animation: false, textStyle: { fontFamily: style.fontFamily, color: style.color },
    legend: { data: [words.expected, words.range, words.came], top: 0, textStyle: { color: style.color } },
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: rows.map(([day]) => dayText(day)), axisLabel: { color: style.color, hideOverlap: true } },
    yAxis: { type: "value", min: 0, axisLabel: { color: style.color } },
    series: [
      band(at(LOW), { name: "low" }),
      band(rows.map(([, row]) => row[HIGH] - row[LOW]), { name: words.range, itemStyle: { color: color("--accent-bg") }, areaStyle: { color: color("--accent-bg"), opacity: 1 } }),
      { name: words.expected, type: "line", data: at(EXPECTED), symbol: "none", z: 3, lineStyle: { width: 2 }, itemStyle: { color: color("--accent") } },
      {
        name: words.came, type: "scatter", z: 4, symbolSize: 10, itemStyle: { color: color("--ink"), opacity: 1 },
        data: rows.map(([, row]) => ({ value: row[CAME], ...(isOutside(row) ? { symbol: "diamond", symbolSize: 14, itemStyle: { color: color("--bad") } } : {}) })),
      },
    ],
  });
}

function wrong(text) {
  part("wrong").textContent = text;
  part("wrong").hidden = false;
}

addEventListener("resize", () => chart?.resize());
try {
  const told = await load();
  if (told.answer) show(told.answer);
  else wrong(told.error?.message ?? words.lost);
} catch {
  wrong(words.lost);
} finally {
  part("busy").hidden = true;
}
