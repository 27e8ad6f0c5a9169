// The charts of an indicator: how it lies over all enterprises, and how that changed by month.
const data = JSON.parse(document.getElementById("indicator-data")?.textContent ?? "null");

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axis(words, more) {
  return {
    axisLabel: words,
    splitLine: { lineStyle: { color: token("--line") } },
    axisLine: { lineStyle: { color: token("--line") } },
    axisTick: { show: false },
    ...more,
  };
}

function draw(place, figures) {
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  const face = token("--face");
  const words = { color: token("--ink-soft"), fontFamily: face, fontSize: 12 };
  const drawn = Boolean(figures.line?.some((value) => value !== null));
  const series = [
    {
      name: figures.name,
      type: "bar",
      barMaxWidth: 40,
      data: figures.values,
      itemStyle: { color: token("--accent") },
    },
  ];
  if (drawn) {
    series.push({
      name: figures.line_name,
      type: "line",
      yAxisIndex: 1,
      connectNulls: true,
      data: figures.line,
      lineStyle: { color: token("--caution-mark") },
      itemStyle: { color: token("--caution-mark") },
    });
  }
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: face },
    grid: { left: 8, right: 12, top: 16, bottom: drawn ? 34 : 8, containLabel: true },
    legend: { show: drawn, bottom: 0, textStyle: words, itemWidth: 12, itemHeight: 12 },
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
    xAxis: axis({ ...words, hideOverlap: true }, { type: "category", data: figures.labels }),
    yAxis: [
      axis(words, { type: "value", minInterval: 1 }),
      axis(words, { type: "value", show: drawn, splitLine: { show: false } }),
    ],
    series,
  });
  window.addEventListener("resize", () => chart.resize());
}

for (const place of document.querySelectorAll("[data-chart]")) {
  const figures = data?.[place.dataset.chart];
  if (figures && window.echarts && figures.labels.length) draw(place, figures);
}
