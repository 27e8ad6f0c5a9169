// The bars above the table of days: the same figures, drawn.
import { axis, draw, legend, token, told, tooltip, words } from "./charts.js";

const data = told("day-data");
const place = document.getElementById("day-chart");
const COLOURS = {
  accepted: "--accent",
  duplicates: "--accent-line",
  quarantined: "--caution-mark",
};

function options() {
  const several = data.series.length > 1;
  return {
    grid: { left: 8, right: 12, top: 12, bottom: several ? 34 : 8, containLabel: true },
    legend: legend({ show: several }),
    tooltip,
    xAxis: axis({ ...words(), hideOverlap: true }, { type: "category", data: data.days }),
    yAxis: axis(words(), { type: "value", minInterval: 1 }),
    series: data.series.map(({ name, kind, values }) => ({
      name,
      type: "bar",
      stack: "rows",
      barMaxWidth: 28,
      data: values,
      itemStyle: { color: token(COLOURS[kind]) },
    })),
  };
}

if (data && place && window.echarts && data.days.length) draw(place, options());
