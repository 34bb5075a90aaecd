// The overview: months as columns with a rate line, grids coloured by their rate, tables that sort.
const BLUE = "#1b4a8a";
const LIGHT = "#b9c6d6";
const AMBER = "#b45f06";
// One hue from pale to deep, so that the order is seen without colours being told apart.
const CLASSES = [
  { from: 98, colour: "#12396f", label: "≥ 98 %" },
  { from: 95, colour: "#3b6fb0", label: "95–98 %" },
  { from: 90, colour: "#84abd8", label: "90–95 %" },
  { from: 80, colour: "#c5d8ee", label: "80–90 %" },
  { from: 0, colour: "#f0c48a", label: "< 80 %" },
];
const TOO_FEW = { colour: "#e4e6ea" };

const dataOf = (id) => JSON.parse(document.getElementById(id).textContent);

const drawMonths = (box, months) => {
  const chart = echarts.init(box, null, { renderer: "svg" });
  const { received, settled, rate, count, small } = box.dataset;
  const columns = (name, key, color) => ({
    name, type: "bar", barMaxWidth: 22, itemStyle: { color }, data: months.map((month) => month[key]),
  });
  // The point of a month of few matters is grey: its rate would only look like news.
  const rates = months.map((month) => ({ value: month.rate, itemStyle: { color: month.small ? LIGHT : AMBER } }));
  const lowest = Math.min(90, ...months.map((month) => month.rate ?? 90));
  const said = (value, place) => months[place].percent + (months[place].small ? ` (${small})` : "");
  chart.setOption({
    textStyle: { fontFamily: "inherit", fontSize: 14 },
    animation: false,
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    legend: { top: 0, data: [received, settled, rate] },
    grid: { left: 8, right: 8, top: 56, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: months.map((month) => month.label), axisTick: { show: false } },
    yAxis: [
      { type: "value", name: count, minInterval: 1, splitLine: { lineStyle: { color: "#eef1f5" } } },
      { type: "value", name: "%", min: Math.floor(lowest / 10) * 10, max: 100, splitLine: { show: false } },
    ],
    series: [
      columns(received, "received", LIGHT),
      columns(settled, "settled", BLUE),
      {
        name: rate, type: "line", yAxisIndex: 1, data: rates, symbol: "circle", symbolSize: 9, color: AMBER,
        lineStyle: { width: 3, color: AMBER }, tooltip: { valueFormatter: said },
      },
    ],
  });
  chart.on("click", ({ dataIndex }) => window.location.assign(months[dataIndex].url));
  window.addEventListener("resize", () => chart.resize());
};

const classOf = (grid) => (!grid || grid.small || grid.rate === null ? TOO_FEW : CLASSES.find(({ from }) => grid.rate >= from));

const outlinesAt = (url) =>
  fetch(url, { headers: { Accept: "application/geo+json" } }).then((answer) => answer.json());

const told = (name, grid, words) => {
  const tip = document.createElement("div");
  const title = document.createElement("strong");
  title.textContent = name;
  const counts = `${words.received} ${grid.received} · ${words.settled} ${grid.settled} · ${words.pending} ${grid.pending}`;
  tip.append(title, document.createElement("br"), grid.percent, grid.small ? ` (${words.small})` : "", document.createElement("br"), counts);
  return tip;
};

const drawGrids = async (box, grids) => {
  const map = L.map(box, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
  L.control.scale({ imperial: false }).addTo(map);
  const layer = L.geoJSON(await outlinesAt(box.dataset.outlines), {
    style: ({ properties }) => ({ color: "#fff", weight: 1, fillOpacity: 1, fillColor: classOf(grids[properties.code]).colour }),
    onEachFeature: ({ properties }, shape) => {
      const grid = grids[properties.code];
      if (!grid) return;
      shape.bindTooltip(told(properties.name, grid, box.dataset), { sticky: true });
      shape.on("click", () => window.location.assign(grid.url));
      shape.on("mouseover", () => shape.setStyle({ weight: 3, color: AMBER }).bringToFront());
      shape.on("mouseout", () => layer.resetStyle(shape));
    },
  }).addTo(map);
  if (!layer.getLayers().length) return;
  map.fitBounds(layer.getBounds(), { padding: [8, 8] });
  const around = await outlinesAt(box.dataset.communities);
  L.geoJSON(around, { style: { color: BLUE, weight: 2, fill: false }, interactive: false }).addTo(map);
};

const drawLegend = (list, small) => {
  [...CLASSES, { ...TOO_FEW, label: small }].forEach(({ colour, label }) => {
    const item = document.createElement("li");
    const swatch = document.createElement("i");
    swatch.style.background = colour;
    item.append(swatch, label);
    list.append(item);
  });
};

const sortBy = (table, column, head) => {
  const descends = head.getAttribute("aria-sort") !== "descending" && column > 0;
  const body = table.tBodies[0];
  const valueOf = (row) => Number(row.cells[column].dataset.value);
  const rows = [...body.rows].sort((a, b) => (descends ? valueOf(b) - valueOf(a) : valueOf(a) - valueOf(b)));
  table.querySelectorAll("[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", descends ? "descending" : "ascending");
  body.append(...rows);
};

// One listener for all, because some tables come later.
document.addEventListener("click", (event) => {
  const head = event.target.closest("[data-sortable] thead button")?.closest("th");
  if (head) sortBy(head.closest("table"), head.cellIndex, head);
});
drawMonths(document.getElementById("months-chart"), dataOf("months-data"));
const gridMap = document.getElementById("grid-map");
drawLegend(document.getElementById("grid-legend"), gridMap.dataset.small);
drawGrids(gridMap, dataOf("grids-data"));
