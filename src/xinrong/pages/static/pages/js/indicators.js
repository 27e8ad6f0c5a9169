// The charts of an indicator: how it lies over all enterprises, and how that changed by month.
import { axis, draw, legend, token, told, tooltip, words } from "./charts.js";

const data = told("indicator-data");

function bars(figures) {
  return {
    name: figures.name,
    type: "bar",
    barMaxWidth: 40,
    data: figures.values,
    itemStyle: { color: token("--accent") },
  };
}

function line(figures) {
  return {
    name: figures.line_name,
    type: "line",
    yAxisIndex: 1,
    connectNulls: true,
    data: figures.line,
    lineStyle: { color: token("--caution-mark") },
    itemStyle: { color: token("--caution-mark") },
  };
}

function options(figures) {
  const drawn = Boolean(figures.line?.some((value) => value !== null));
  return {
    grid: { left: 8, right: 12, top: 16, bottom: drawn ? 34 : 8, containLabel: true },
    legend: legend({ show: drawn }),
    tooltip,
    xAxis: axis({ ...words(), hideOverlap: true }, { type: "category", data: figures.labels }),
    yAxis: [
      axis(words(), { type: "value", minInterval: 1 }),
      axis(words(), { type: "value", show: drawn, splitLine: { show: false } }),
    ],
    series: drawn ? [bars(figures), line(figures)] : [bars(figures)],
  };
}

for (const place of document.querySelectorAll("[data-chart]")) {
  const figures = data?.[place.dataset.chart];
  if (figures && window.echarts && figures.labels.length) draw(place, options(figures));
}
