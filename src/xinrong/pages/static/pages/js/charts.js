// What the charts of all pages share: colours and words of the page, axes, the table's figures.

/** What a page says to its charts, in the JSON beside them; null where it says nothing. */
export function told(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

/** A colour or a face of the page. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** How words are written in a chart. */
export function words(size = 12) {
  return { color: token("--ink-soft"), fontFamily: token("--face"), fontSize: size };
}

/** An axis with the lines of the page. */
export function axis(labels, more) {
  return {
    axisLabel: labels,
    splitLine: { lineStyle: { color: token("--line") } },
    axisLine: { lineStyle: { color: token("--line") } },
    axisTick: { show: false },
    ...more,
  };
}

/** What points at a bar or a day says. */
export const tooltip = { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } };

/** A row of names at the foot. */
export function legend(more) {
  return { bottom: 0, textStyle: words(), itemWidth: 12, itemHeight: 12, ...more };
}

/** Draw into a place, and anew when the window changes. */
export function draw(place, options) {
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption({ animation: false, textStyle: { fontFamily: token("--face") }, ...options });
  window.addEventListener("resize", () => chart.resize());
  return chart;
}
