// A pair of bars for each line, with the span of the average of each as a whisker.
import * as echarts from "echarts";

export function drawing(box, words) {
  let chart;
  addEventListener("resize", () => chart?.resize());
  return (rows) => {
    box.hidden = !rows.length;
    box.style.height = `${80 + 44 * rows.length}px`;
    chart?.dispose();
    chart = echarts.init(box);
    const style = getComputedStyle(document.body);
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
      animation: false, color: ["#8a94a3", "#1f5fbf"], textStyle: { fontFamily: style.fontFamily, color: style.color },
      legend: { data: [words.now, words.then], top: 0, textStyle: { color: style.color } },
      grid: { left: 8, right: 24, top: 36, bottom: 32, containLabel: true },
      xAxis: { type: "value", name: words.mean, nameLocation: "middle", nameGap: 28, min: 0 },
      yAxis: { type: "category", data: rows.map(([name]) => name), axisLabel: { color: style.color } },
      series: [bars(words.now, "before"), bars(words.then, "after"), whiskers("before", -7.2), whiskers("after", 7.2)],
    });
  };
}
