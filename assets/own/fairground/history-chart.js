// Followers and engagement over time, drawn from the JSON beside the chart.
(() => {
  "use strict";
  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // Spikes and declared causes, from the JSON of the page's part on growth.
  const marksOf = (box) => {
    const node = document.getElementById(box.dataset.history.replace("history-", "growth-"));
    return node ? JSON.parse(node.textContent) : { spikes: [], events: [] };
  };

  const spikePoints = (rows, spikes) => {
    const followers = new Map(rows.map((row) => [row.day, row.followers]));
    return spikes.filter((spike) => followers.has(spike.day)).map((spike) => ({
      name: spike.sentence, coord: [spike.day, followers.get(spike.day)],
      // The shape says it too: not everybody tells the colours apart.
      symbol: spike.explained ? "circle" : "triangle", symbolSize: 14,
      itemStyle: { color: colour(spike.explained ? "--fg-low" : "--fg-high"),
        borderColor: colour("--fg-surface"), borderWidth: 2 },
    }));
  };

  const eventAreas = (rows, events) => {
    const [first, last] = [rows[0].day, rows[rows.length - 1].day];
    return events.filter((event) => event.ends_on >= first && event.starts_on <= last)
      .map((event) => [{ name: event.name, xAxis: event.starts_on < first ? first : event.starts_on },
        { xAxis: event.ends_on > last ? last : event.ends_on }]);
  };

  const options = (rows, marks) => {
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
        data: rows.map((row) => [row.day, row.followers]),
        markPoint: { data: spikePoints(rows, marks.spikes), label: { show: false },
          tooltip: { trigger: "item", formatter: "{b}" } },
        markArea: { silent: true, data: eventAreas(rows, marks.events),
          itemStyle: { color: colour("--fg-accent"), opacity: 0.14,
            borderColor: colour("--fg-accent"), borderWidth: 2 },
          label: { position: "insideBottom", color: colour("--fg-ink"), fontSize: 11, width: 90,
            overflow: "truncate" } } },
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
    const marks = marksOf(box);
    const draw = () => chart.setOption(options(rows, marks), true);
    draw();
    document.addEventListener("themechange", draw);
    new ResizeObserver(() => chart.resize()).observe(box);
  }
})();
