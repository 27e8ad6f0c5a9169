// The heat map above the cube's table: the same figures, drawn; a cell leads to its records.
import { draw, token, told, words } from "./charts.js";

const data = told("cube-data");
const place = document.getElementById("cube-chart");

function options() {
  const narrow = place.clientWidth < 560;
  const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
  return {
    grid: { left: narrow ? 96 : 190, right: 12, top: 8, bottom: 56 },
    tooltip: {
      renderMode: "richText",
      formatter: ({ value }) =>
        `${data.rows[value[1]]} · ${data.columns[value[0]]}\n${data.label}: ${number.format(value[2])}` +
        (value[4] ? `\n⚠ ${data.objected}: ${number.format(value[4])}` : ""),
    },
    xAxis: {
      type: "category",
      data: data.columns,
      axisLabel: { ...words(13), interval: 0, hideOverlap: true },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("--line") } },
    },
    yAxis: {
      type: "category",
      data: data.rows,
      inverse: true,
      axisLabel: { ...words(13), width: narrow ? 84 : 176, overflow: "truncate" },
      axisTick: { show: false },
      axisLine: { show: false },
    },
    visualMap: {
      type: "piecewise",
      dimension: 3,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemSymbol: "rect",
      showLabel: false,
      selectedMode: false,
      pieces: [1, 2, 3, 4, 5].map((step) => ({ value: step, color: token(`--heat-${step}`) })),
    },
    series: [
      {
        type: "heatmap",
        data: data.cells.map(([x, y, figure, heat, , objected]) => ({
          value: [x, y, figure, heat, objected],
          label: { color: heat > 3 ? "#fff" : token("--ink") },
        })),
        label: {
          show: !narrow,
          fontFamily: token("--face"),
          formatter: ({ value }) => (value[4] ? "⚠ " : "") + number.format(value[2]),
        },
        itemStyle: { borderColor: token("--surface"), borderWidth: 2, borderRadius: 3 },
        emphasis: { itemStyle: { borderColor: token("--accent-deep") } },
      },
    ],
  };
}

if (data && place && window.echarts) {
  place.style.height = `${Math.max(220, data.rows.length * 34 + 90)}px`;
  const chart = draw(place, options());
  chart.on("click", ({ dataIndex }) => {
    const address = data.cells[dataIndex]?.[4];
    if (address) window.location.assign(address);
  });
}
