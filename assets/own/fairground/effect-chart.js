// Reach against engagements for one unit of money, every collaboration by name.
(() => {
  "use strict";
  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

  const axis = (name) => ({
    type: "value", min: 0, name, nameLocation: "middle", nameGap: 30, splitNumber: 4,
    nameTextStyle: { color: colour("--fg-muted") },
    axisLine: { lineStyle: { color: colour("--fg-control-line") } },
    axisLabel: { color: colour("--fg-muted"), formatter: (value) => compact.format(value) },
    splitLine: { lineStyle: { color: colour("--fg-line") } },
  });

  const options = (data) => ({
    animation: false,
    color: [colour("--fg-accent")],
    grid: { left: 34, right: 24, top: 24, bottom: 34, containLabel: true },
    tooltip: {
      trigger: "item", confine: true, backgroundColor: colour("--fg-surface"),
      borderColor: colour("--fg-line"), textStyle: { color: colour("--fg-ink") },
      formatter: ({ data: point }) => {
        const name = document.createElement("b");
        name.textContent = point.name;
        const [reach, engagements] = point.value.map((value) => compact.format(value));
        return `${name.outerHTML}<br>${reach} people, ${engagements} engagements for 1 ${data.currency}`;
      },
    },
    xAxis: axis(`People reached for 1 ${data.currency}`),
    yAxis: axis(`Engagements for 1 ${data.currency}`),
    series: [{
      type: "scatter", symbolSize: 11,
      // Neighbours have their names on opposite sides of their points.
      data: [...data.points].sort((one, other) => one.reach - other.reach).map((point, place) => ({
        name: point.name, value: [point.reach, point.engagements],
        label: { position: place % 2 ? "top" : "bottom" },
      })),
      label: { show: true, formatter: "{b}", color: colour("--fg-ink"), width: 110,
        overflow: "truncate" },
    }],
  });

  for (const box of document.querySelectorAll("[data-effect]")) {
    const data = JSON.parse(document.getElementById(box.dataset.effect).textContent);
    if (!window.echarts || data.points.length < 2) continue;
    box.hidden = false;
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    const draw = () => chart.setOption(options(data), true);
    draw();
    document.addEventListener("themechange", draw);
    new ResizeObserver(() => chart.resize()).observe(box);
  }
})();
