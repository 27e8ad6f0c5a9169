// Financing by class: bars of loans for each class, lines of the months; the tables say the same.
import { axis, draw, legend, token, told, tooltip, words } from "./charts.js";

const data = told("classes-data");
const COLOURS = {
  classes: ["--accent", "--accent-line", "--caution-mark", "--line-strong"],
  months: ["--accent", "--caution-mark", "--line-strong"],
};

function series({ name, values }, colour, bars) {
  return {
    name,
    type: bars ? "bar" : "line",
    stack: bars ? "loans" : undefined,
    barMaxWidth: 22,
    connectNulls: false,
    symbolSize: 5,
    data: values,
    lineStyle: { color: colour },
    itemStyle: { color: colour },
  };
}

function options(kind, figures) {
  const bars = kind === "classes";
  const labels = axis(
    { ...words(), hideOverlap: !bars, width: bars ? 132 : undefined, overflow: "break" },
    { type: "category", data: figures.labels, inverse: bars },
  );
  const numbers = axis(words(), { type: "value", minInterval: 1 });
  return {
    grid: { left: 8, right: 20, top: 12, bottom: 56, containLabel: true },
    legend: legend(),
    tooltip,
    xAxis: bars ? numbers : labels,
    yAxis: bars ? labels : numbers,
    series: figures.series.map((one, number) => series(one, token(COLOURS[kind][number]), bars)),
  };
}

for (const place of document.querySelectorAll("[data-chart]")) {
  const kind = place.dataset.chart;
  const figures = data?.[kind];
  if (figures && window.echarts && figures.labels.length) draw(place, options(kind, figures));
}
