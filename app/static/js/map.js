// Outlines of units and a point, from this service; a background only where one is set.
const STYLE = { color: "#1b4a8a", weight: 2, fillColor: "#5b8fd6", fillOpacity: 0.14 };

// A map may say of each unit, by its code, how it stands.
const SHADES = { owing: "#b9c2cd", nothing: "#4a9d70", found: "#d98a00", more: "#d98a00", fewer: "#4a9d70", same: "#d9e2ee" };

const pin = () =>
  L.divIcon({ className: "pin", html: "<span></span>", iconSize: [26, 26], iconAnchor: [13, 26] });

const drawMap = (box) => {
  const map = L.map(box, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
  L.control.scale({ imperial: false }).addTo(map);
  if (document.body.dataset.tiles) L.tileLayer(document.body.dataset.tiles, { maxZoom: 20 }).addTo(map);
  const point = box.dataset.lon ? [Number(box.dataset.lat), Number(box.dataset.lon)] : null;
  if (point) {
    L.marker(point, { icon: pin(), interactive: false }).addTo(map);
    map.setView(point, 16);
  }
  fetch(box.dataset.outline, { headers: { Accept: "application/geo+json" } })
    .then((answer) => (answer.ok ? answer.json() : { type: "FeatureCollection", features: [] }))
    .then((outlines) => drawOutlines(map, box, outlines, point));
  return map;
};

const drawOutlines = (map, box, outlines, point) => {
  if (!outlines.features.length) {
    if (!point) box.hidden = true;
    return;
  }
  const shades = JSON.parse(box.dataset.shades || "{}");
  const styleOf = ({ properties }) => {
    const colour = SHADES[shades[properties.code]];
    return colour ? { color: "#fff", weight: 1, fillColor: colour, fillOpacity: 0.85 } : STYLE;
  };
  const layer = L.geoJSON(outlines, {
    style: styleOf,
    onEachFeature: (feature, shape) => {
      const { name, url, tier } = feature.properties;
      const stays = tier === "community" || outlines.features.length === 1;
      shape.bindTooltip(document.createTextNode(name), { permanent: stays, direction: "center", className: "unit-name" });
      if (url && outlines.features.length > 1) shape.on("click", () => window.location.assign(url));
      shape.on("mouseover", () => shape.setStyle({ fillOpacity: styleOf(feature).fillOpacity + 0.15 }));
      shape.on("mouseout", () => layer.resetStyle(shape));
    },
  }).addTo(map);
  const bounds = layer.getBounds();
  map.fitBounds(point ? bounds.extend(point) : bounds, { padding: [12, 12] });
};

document.querySelectorAll("[data-map]").forEach((box) => drawMap(box));
