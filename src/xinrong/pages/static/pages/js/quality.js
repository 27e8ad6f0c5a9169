// The bars above the table of days: the same figures, drawn.
const data = JSON.parse(document.getElementById("day-data")?.textContent ?? "null");
const place = document.getElementById("day-chart");
const COLOURS = {
  accepted: "--accent",
  duplicates: "--accent-line",
  quarantined: "--caution-mark",
};

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function draw() {
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  const face = token("--face");
  const words = { color: token("--ink-soft"), fontFamily: face, fontSize: 12 };
  const several = data.series.length > 1;
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: face },
    grid: { left: 8, right: 12, top: 12, bottom: several ? 34 : 8, containLabel: true },
    legend: { show: several, bottom: 0, textStyle: words, itemWidth: 12, itemHeight: 12 },
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
    xAxis: {
      type: "category",
      data: data.days,
      axisLabel: { ...words, hideOverlap: true },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("--line") } },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: words,
      splitLine: { lineStyle: { color: token("--line") } },
    },
    series: data.series.map(({ name, kind, values }) => ({
      name,
      type: "bar",
      stack: "rows",
      barMaxWidth: 28,
      data: values,
      itemStyle: { color: token(COLOURS[kind]) },
    })),
  });
  window.addEventListener("resize", () => chart.resize());
}

if (data && place && window.echarts && data.days.length) draw();
