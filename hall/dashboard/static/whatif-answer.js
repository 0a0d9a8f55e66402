// An answer in one sentence, as a drawing and as a table.
import { drawing } from "./whatif-chart.js";

const MEASURES = [["mean", "mean_s", 1 / 60], ["p90", "p90_s", 1 / 60], ["half", "over_30_min", 100], ["late", "late", 100]];

export function answered(part, words) {
  const spoken = words.lang === "zh" ? "zh-CN" : "en";
  const number = new Intl.NumberFormat(spoken, { maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(spoken, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
  const draw = drawing(part("chart"), words);

  const filled = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
  const numbers = (found, factor, format = number) =>
    Object.fromEntries(Object.entries(found).filter(([, value]) => typeof value === "number").map(([name, value]) => [name, format.format(value * factor)]));
  const element = (tag, textContent, more) => Object.assign(document.createElement(tag), { textContent, ...more });
  const columns = (tag, texts, more) => texts.map((text) => element(tag, text, more));

  // A span stays on one line; what it is may stand above it, so that nine columns fit a page.
  const unbroken = (text) => text.replace(/({\w+}) (\S+) ({\w+})/, "$1\u00a0$2\u00a0$3");
  const spans = { average: unbroken(words.average), single: unbroken(words.single) };

  // The figure, and beside it two spans that must not be taken for each other.
  function figure(found, factor, why, format) {
    const cell = element("td", found ? "" : why);
    if (!found) return cell;
    const told = numbers(found, factor, format);
    cell.append(element("b", told.value));
    if (found.low !== null) cell.append(element("small", filled(spans.average, told)));
    cell.append(element("small", filled(spans.single, told)));
    return cell;
  }

  const line = (cells, more) => {
    const row = Object.assign(document.createElement("tr"), more);
    row.append(...cells);
    return row;
  };

  function table(heads, rows) {
    const head = document.createElement("thead"), body = document.createElement("tbody");
    head.append(...heads);
    body.append(...rows);
    part("table").replaceChildren(head, body);
    part("scroll").hidden = !rows.length;
  }

  // Why a line has no figures: `days` on which anybody came, on the side that had more of them.
  const gap = ({ days }, is_foretold) =>
    Math.max(days.before, days.after) ? "few_days" : is_foretold ? "nobody" : "unforetold";

  // A break asked about at its own time, one clerk more at no window: the days are the same to the second.
  const is_idle = (found) => ["value", "low", "high", "day_low", "day_high"].every((name) => found[name] === 0);

  function compare({ answer, is_foretold }, { ask }) {
    const is_promise = ask === "promise"; // it serves nobody sooner: it changes how many are late
    const found = answer.hall.difference[is_promise ? "late" : "mean_s"], factor = is_promise ? 100 : 1 / 60;
    const [better, same, worse] = is_promise ? ["fewer_late", "same_late", "more_late"] : ["better", "same", "worse"];
    const is_told = found && (is_foretold || ask !== "more_demand");
    part("unforetold").hidden = is_foretold;
    if (!found) part("short").textContent = words[`${gap(answer.hall, is_foretold)}_short`];
    else if (!is_told) part("short").textContent = words.unforetold_demand;
    else if (is_idle(found)) part("short").textContent = words.idle;
    else part("short").textContent = filled(words[found.low > 0 ? worse : found.high < 0 ? better : same], { value: number.format(Math.abs(found.value * factor)) });
    part("more").textContent = is_told && !is_idle(found) ? filled(words[is_promise ? "spans_late" : "spans"], numbers(found, factor, signed)) : "";
    const rows = [[words.hall, answer.hall], ...Object.entries(answer.services).map(([id, row]) => [words.names.service[id] ?? id, row])];
    table(measured(), rows.map(([name, row]) => {
      const why = words[gap(row, is_foretold)];
      const pairs = MEASURES.flatMap(([, measure, times]) => ["before", "after"].map((side) => figure(row[side][measure], times, why)));
      return line([element("th", name, { scope: "row" }), figure(row.difference.mean_s, 1 / 60, why, signed), ...pairs]);
    }));
    draw(rows.filter(([, row]) => row.before.mean_s && row.after.mean_s).reverse());
    part("note").textContent = filled(words.note, { days: answer.replications });
  }

  // The measure stands once over its two columns; whoever listens hears it with each of them.
  function measured() {
    const over = [element("td", "", { colSpan: 2 }), ...MEASURES.map(([name]) => element("td", words[name], { colSpan: 2 }))];
    const under = MEASURES.flatMap(([name]) => [words.now, words.then].map((side) => {
      const head = element("th", "", { scope: "col" });
      head.append(element("span", `${words[name]}: `, { className: "hidden" }), side);
      return head;
    }));
    return [line(over, { ariaHidden: "true" }), line([...columns("th", [words.service, words.apart], { scope: "col" }), ...under])];
  }

  function rank({ answer: { worth, nothing, asked, screened_days: screened, replications: days } }, { of }) {
    const name = ({ who }) => words.names.clerk[who] ?? words.names.window[who] ?? who;
    const family = (row) => words.families[row.family] ?? row.family;
    const best = worth.find((row) => row.low > 0);
    part("unforetold").hidden = true;
    part("short").textContent = nothing ? words.nothing[of][nothing] : filled(words.best, { who: name(best), family: family(best), value: number.format(best.value) });
    part("more").textContent = best && worth.some((row) => row !== best && row.high > best.low) ? words.rivals : "";
    table([line(columns("th", [of === "training" ? words.who : words.where, words.family, words.saved, words.stands_out], { scope: "col" }))],
      worth.map((row) => line([
        element("th", name(row), { scope: "row" }), element("td", family(row)), figure(row, 1, ""), element("td", row.low > 0 ? words.yes : words.no),
      ])));
    part("note").textContent = asked ? filled(words.note_ranked, { asked, screened, days }) : "";
  }

  return (told, asked) => {
    part("found").hidden = false;
    part("asked").textContent = asked.said;
    part("chart").hidden = asked.ask === "worth";
    (asked.ask === "worth" ? rank : compare)(told, asked);
  };
}
