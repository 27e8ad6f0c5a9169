// What the best plan, and this plan unchanged, earn where losses and the cost of funds differ.
import { axis, draw, legend, token, told, tooltip, words } from "./charts.js";

const data = told("allocation-data");
const colours = ["--accent", "--caution-mark", "--red-list"];

function series(line, place) {
  const color = token(colours[place % colours.length]);
  return [
    { name: line.name, type: "line", data: line.best_values, itemStyle: { color }, lineStyle: { color } },
    {
      name: line.kept,
      type: "line",
      data: line.kept_values,
      itemStyle: { color },
      lineStyle: { color, type: "dashed" },
    },
  ];
}

function options(figures) {
  return {
    grid: { left: 8, right: 12, top: 16, bottom: 64, containLabel: true },
    legend: legend(),
    tooltip: { ...tooltip, axisPointer: { type: "line" } },
    xAxis: axis(words(), { type: "category", data: figures.labels }),
    yAxis: axis(words(), { type: "value", scale: true }),
    series: figures.lines.flatMap(series),
  };
}

for (const place of document.querySelectorAll('[data-chart="tried"]')) {
  if (data && window.echarts) draw(place, options(data));
}
