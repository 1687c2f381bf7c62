// Followers and engagement over time, drawn from the JSON beside the chart.
(() => {
  "use strict";
  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const options = (rows) => {
    const axis = {
      axisLine: { lineStyle: { color: colour("--fg-control-line") } },
      axisLabel: { color: colour("--fg-muted") },
      nameTextStyle: { color: colour("--fg-muted") },
      splitLine: { lineStyle: { color: colour("--fg-line") } },
    };
    const compact = new Intl.NumberFormat("en", { notation: "compact" });
    const hasRate = rows.some((row) => row.engagement !== null);
    const yAxis = [
      { ...axis, type: "value", scale: true, name: "Followers",
        nameTextStyle: { ...axis.nameTextStyle, align: "left" },
        axisLabel: { ...axis.axisLabel, formatter: (value) => compact.format(value) } },
    ];
    const series = [
      { name: "Followers", type: "line", showSymbol: rows.length < 40, lineStyle: { width: 2.5 },
        data: rows.map((row) => [row.day, row.followers]) },
    ];
    if (hasRate) {
      yAxis.push({ ...axis, type: "value", scale: true, name: "Engagement, %",
        nameTextStyle: { ...axis.nameTextStyle, align: "right" }, splitLine: { show: false } });
      series.push({ name: "Engagement, %", type: "line", yAxisIndex: 1, showSymbol: rows.length < 40,
        lineStyle: { width: 2, type: "dashed" },
        data: rows.map((row) => [row.day, row.engagement === null ? null : +(row.engagement * 100).toFixed(2)]) });
    }
    return {
      animation: false,
      color: [colour("--fg-accent"), colour("--fg-medium")],
      grid: { left: 8, right: 8, top: 62, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, textStyle: { color: colour("--fg-ink") } },
      tooltip: { trigger: "axis", backgroundColor: colour("--fg-surface"),
        borderColor: colour("--fg-line"), textStyle: { color: colour("--fg-ink") } },
      xAxis: { ...axis, type: "time", splitLine: { show: false }, axisLabel: { ...axis.axisLabel, hideOverlap: true } },
      yAxis, series,
    };
  };

  for (const box of document.querySelectorAll("[data-history]")) {
    const rows = JSON.parse(document.getElementById(box.dataset.history).textContent);
    if (!window.echarts || rows.length < 2) continue;
    box.hidden = false;
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    const draw = () => chart.setOption(options(rows), true);
    draw();
    document.addEventListener("themechange", draw);
    new ResizeObserver(() => chart.resize()).observe(box);
  }
})();
