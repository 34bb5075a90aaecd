// The intake form: what each kind asks for, and the point on the map.
const form = document.querySelector("[data-intake]");
const lon = form.elements.lon;
const lat = form.elements.lat;
const pick = document.getElementById("pick");
const pickButton = form.querySelector("[data-pick]");
const unpickButton = form.querySelector("[data-unpick]");
let map = null;
let marker = null;

const showKind = () => {
  const kind = form.elements.kind.value;
  form.querySelectorAll("[data-for]").forEach((part) => {
    part.hidden = part.dataset.for !== kind;
  });
};

const askPlace = () => htmx.trigger("#address", "place");

const mark = (point) => {
  const symbol = L.divIcon({ className: "pin", html: "<span></span>", iconSize: [26, 26], iconAnchor: [13, 26] });
  if (marker) marker.remove();
  marker = point ? L.marker(point, { icon: symbol, interactive: false }).addTo(map) : null;
  lon.value = point ? point.lng.toFixed(6) : "";
  lat.value = point ? point.lat.toFixed(6) : "";
  unpickButton.hidden = !point;
};

const openMap = () => {
  const box = form.querySelector("[data-pick-map]");
  map = L.map(box, { attributionControl: false, zoomSnap: 0.25 });
  fetch(box.dataset.outline)
    .then((answer) => answer.json())
    .then((outlines) => {
      const layer = L.geoJSON(outlines, {
        style: { color: "#1b4a8a", weight: 1.5, fillColor: "#5b8fd6", fillOpacity: 0.12 },
        interactive: false,
      }).addTo(map);
      if (outlines.features.length) map.fitBounds(layer.getBounds(), { padding: [8, 8] });
      if (lon.value) mark(L.latLng(Number(lat.value), Number(lon.value)));
    });
  map.on("click", (event) => {
    mark(event.latlng);
    askPlace();
  });
};

const takeDegrees = () => {
  if (!lon.value !== !lat.value) return;
  const typed = [Number(lat.value), Number(lon.value)];
  if (map && typed.every(Number.isFinite)) mark(lon.value ? L.latLng(...typed) : null);
  askPlace();
};

form.addEventListener("change", (event) => {
  if (event.target.name === "kind") showKind();
  if (["kind", "order_type"].includes(event.target.name)) askPlace();
  if (event.target === lon || event.target === lat) takeDegrees();
});
pickButton.addEventListener("click", () => {
  pick.hidden = !pick.hidden;
  pickButton.setAttribute("aria-expanded", String(!pick.hidden));
  if (!pick.hidden && !map) openMap();
});
unpickButton.addEventListener("click", () => {
  mark(null);
  askPlace();
});
showKind();
