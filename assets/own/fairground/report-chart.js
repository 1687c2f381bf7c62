// Views of all pieces together at each collection point, from the JSON beside the chart.
(() => {
  "use strict";
  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

  const options = (data) => ({
    animation: false,
    color: [colour("--fg-accent")],
    grid: { left: 8, right: 8, top: 34, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis", confine: true, backgroundColor: colour("--fg-surface"),
      borderColor: colour("--fg-line"), textStyle: { color: colour("--fg-ink") },
      formatter: ([bar]) => {
        const point = data.points[bar.dataIndex];
        const views = point.views === null ? "unknown" : compact.format(point.views);
        return `After ${point.label}: ${views} views<br>${point.known} of ${point.of} pieces`;
      },
    },
    xAxis: { type: "category", data: data.points.map((point) => point.label),
      axisLine: { lineStyle: { color: colour("--fg-control-line") } }, axisTick: { show: false },
      axisLabel: { color: colour("--fg-muted") } },
    yAxis: { type: "value", min: 0, name: `Views, ${data.name.toLowerCase()}`, splitNumber: 3,
      nameTextStyle: { color: colour("--fg-muted"), align: "left" },
      axisLabel: { color: colour("--fg-muted"), formatter: (value) => compact.format(value) },
      splitLine: { lineStyle: { color: colour("--fg-line") } } },
    series: [{ type: "bar", barMaxWidth: 56, data: data.points.map((point) => point.views) }],
  });

  for (const box of document.querySelectorAll("[data-report]")) {
    const data = JSON.parse(document.getElementById(box.dataset.report).textContent);
    if (!window.echarts || data.points.length < 2) continue;
    box.hidden = false;
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    const draw = () => chart.setOption(options(data), true);
    draw();
    document.addEventListener("themechange", draw);
    new ResizeObserver(() => chart.resize()).observe(box);
  }
})();
