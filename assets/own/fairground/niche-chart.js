// One figure of a niche by month with its interval, from the JSON beside the charts.
(() => {
  "use strict";
  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
  const written = (value) => (value === null ? "unknown" : compact.format(value));

  const axes = (months, name) => {
    const label = { color: colour("--fg-muted") };
    return {
      animation: false,
      grid: { left: 8, right: 14, top: 40, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: months, axisTick: { show: false }, axisLabel: label,
        axisLine: { lineStyle: { color: colour("--fg-control-line") } } },
      yAxis: { type: "value", name, splitNumber: 4,
        nameTextStyle: { color: colour("--fg-ink"), align: "left", fontWeight: 600 },
        axisLabel: { ...label, formatter: (value) => compact.format(value) },
        splitLine: { lineStyle: { color: colour("--fg-line") } } },
    };
  };
  const tooltip = (formatter) => ({
    trigger: "axis", confine: true, backgroundColor: colour("--fg-surface"),
    borderColor: colour("--fg-line"), textStyle: { color: colour("--fg-ink") }, formatter,
  });

  const bars = (points, name, value) => ({
    ...axes(points.map((point) => point.month), name),
    color: [colour("--fg-accent")],
    tooltip: tooltip(([bar]) => `${bar.name}: ${written(points[bar.dataIndex][value])}`),
    series: [{ type: "bar", barMaxWidth: 40, data: points.map((point) => point[value]) }],
  });

  // The interval is an invisible area up to its low end with a visible one stacked on it.
  const band = (points, name, value) => {
    const ends = (place) => points.map((point) => (point[value] ? point[value][place] : null));
    const [low, middle, high] = [ends(0), ends(1), ends(2)];
    const area = (data, opacity) => ({ type: "line", stack: "interval", stackStrategy: "all",
      symbol: "none", silent: true, lineStyle: { opacity: 0 },
      areaStyle: { color: colour("--fg-accent"), opacity }, data });
    const frame = axes(points.map((point) => point.month), name);
    return {
      ...frame,
      yAxis: { ...frame.yAxis, scale: true },
      tooltip: tooltip(([line]) => {
        const place = line.dataIndex;
        return `${line.name}: ${written(middle[place])}<br>${written(low[place])} to ${written(high[place])}`;
      }),
      series: [
        area(low, 0),
        area(high.map((end, place) => (end === null ? null : end - low[place])), 0.2),
        { type: "line", symbolSize: 7, lineStyle: { width: 2.5, color: colour("--fg-accent") },
          itemStyle: { color: colour("--fg-accent") }, data: middle },
      ],
    };
  };

  for (const box of document.querySelectorAll("[data-niche-chart]")) {
    const points = JSON.parse(document.getElementById(box.dataset.nicheChart).textContent);
    const { value, name } = box.dataset;
    if (!window.echarts || !points.some((point) => point[value] !== null)) continue;
    box.hidden = false;
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    const drawn = value === "creators" ? bars : band;
    const draw = () => chart.setOption(drawn(points, name, value), true);
    draw();
    document.addEventListener("themechange", draw);
    new ResizeObserver(() => chart.resize()).observe(box);
  }
})();
