// The growth of one post's counts, one panel each on a shared time axis, flagged hours shaded.
(() => {
  "use strict";
  const PANEL = 118, HEAD = 26, GAP = 14, FOOT = 22;
  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
  // Dates are told in UTC, as everywhere on the site.
  const when = new Intl.DateTimeFormat("en", { timeZone: "UTC", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat("en", { timeZone: "UTC", day: "numeric", month: "short" });

  const clock = new Intl.DateTimeFormat("en", { timeZone: "UTC", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

  const shades = (data, metric) =>
    data.windows.map((window) => [
      { xAxis: Date.parse(window.starts_at),
        itemStyle: { color: colour("--fg-high"), opacity: window.metrics.includes(metric) ? 0.28 : 0.09 } },
      { xAxis: Date.parse(window.ends_at) },
    ]);

  const options = (data) => {
    const times = data.times.map((time) => Date.parse(time));
    const line = { lineStyle: { color: colour("--fg-control-line") } };
    const last = data.metrics.length - 1;
    const top = (place) => HEAD + place * (PANEL + GAP);
    return {
      animation: false,
      useUTC: true,
      color: [colour("--fg-accent")],
      title: data.metrics.map((metric, place) => ({
        text: `${metric.name} ${data.unit}`, left: 0, top: top(place) - HEAD,
        textStyle: { color: colour("--fg-ink"), fontSize: 13, fontWeight: 600 },
      })),
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: {
        trigger: "axis", confine: true, backgroundColor: colour("--fg-surface"),
        borderColor: colour("--fg-line"), textStyle: { color: colour("--fg-ink") },
        formatter: (points) => [when.format(points[0].axisValue) + " UTC"].concat(
          points.map((point) => `${point.seriesName}: ${point.value[1] === null ? "unknown" : compact.format(point.value[1])} ${data.unit}`),
        ).join("<br>"),
      },
      grid: data.metrics.map((_, place) => ({ left: 46, right: 22, outerBoundsMode: "none", top: top(place), height: PANEL - HEAD })),
      xAxis: data.metrics.map((_, place) => ({
        type: "time", gridIndex: place, min: times[0], max: times[times.length - 1],
        axisLine: line, axisTick: line, splitLine: { show: false },
        axisLabel: { show: place === last, color: colour("--fg-muted"), hideOverlap: true,
          formatter: (time) => (time % 86400000 ? clock : day).format(time) },
      })),
      yAxis: data.metrics.map((_, place) => ({
        type: "value", gridIndex: place, min: 0, splitNumber: 2,
        axisLabel: { color: colour("--fg-muted"), formatter: (value) => compact.format(value) },
        splitLine: { lineStyle: { color: colour("--fg-line") } },
      })),
      series: data.metrics.map((metric, place) => ({
        name: metric.name, type: "line", step: "end", xAxisIndex: place, yAxisIndex: place,
        showSymbol: false, lineStyle: { width: 1.6 }, areaStyle: { opacity: 0.14 },
        // A step holds from its start to its end; the last one needs both.
        data: metric.rates.map((rate, step) => [times[step], rate])
          .concat([[times[times.length - 1], metric.rates[metric.rates.length - 1]]]),
        markArea: { silent: true, data: shades(data, metric.key) },
      })),
    };
  };

  for (const box of document.querySelectorAll("[data-engagement]")) {
    const data = JSON.parse(document.getElementById(box.dataset.engagement).textContent);
    if (!window.echarts || data.times.length < 3 || !data.metrics.length) continue;
    box.hidden = false;
    box.style.height = `${data.metrics.length * (PANEL + GAP) + FOOT}px`;
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    const draw = () => chart.setOption(options(data), true);
    draw();
    document.addEventListener("themechange", draw);
    new ResizeObserver(() => chart.resize()).observe(box);
  }
})();
