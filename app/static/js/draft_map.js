// The map of a draft: grids, lanes and findings; corners that neighbours share move together.
const GRID = { color: "#1b4a8a", weight: 1.5, fillColor: "#5b8fd6", fillOpacity: 0.12 };
const CHANGED = { fillColor: "#d98a00", fillOpacity: 0.22 };
const CHOSEN = { color: "#b45f06", weight: 3, fillOpacity: 0.32 };
const SAME = 1e-9;

const isSame = (one, other) => Math.abs(one.lat - other.lat) < SAME && Math.abs(one.lng - other.lng) < SAME;

// Every ring of a polygon or of the parts of a multipolygon, as arrays that Leaflet draws from.
const ringsOf = (latlngs) => (Array.isArray(latlngs[0]) ? latlngs.flatMap(ringsOf) : [latlngs]);

const isInside = (place, rings) =>
  rings.filter((ring) =>
    ring.reduce((inside, one, at) => {
      const other = ring[(at + ring.length - 1) % ring.length];
      const crosses = one.lat > place.lat !== other.lat > place.lat;
      const east = ((other.lng - one.lng) * (place.lat - one.lat)) / (other.lat - one.lat) + one.lng;
      return crosses && place.lng < east ? !inside : inside;
    }, false),
  ).length %
    2 ===
  1;

// Whether both sides of the middle of a stretch, some metres away, meet the test.
const isBeside = (from, to, test) => {
  const [lat, lng] = [(from.lat + to.lat) / 2, (from.lng + to.lng) / 2];
  const [up, right] = [to.lat - from.lat, to.lng - from.lng];
  const step = 4e-5 / Math.max(Math.hypot(up, right), 1e-12);
  return [1, -1].every((side) => test(L.latLng(lat + side * right * step, lng - side * up * step)));
};

export class DraftMap {
  constructor(box, tiles, onChoose) {
    this.map = L.map(box, { attributionControl: false, zoomSnap: 0.25 });
    L.control.scale({ imperial: false }).addTo(this.map);
    if (tiles) L.tileLayer(tiles, { maxZoom: 20 }).addTo(this.map);
    this.onChoose = onChoose;
    this.grids = new Map();
    this.marks = L.layerGroup().addTo(this.map);
    this.map.pm.setGlobalOptions({ snapDistance: 15, continueDrawing: false, tooltips: false });
  }

  place(border) {
    this.map.fitBounds(L.geoJSON(border).getBounds(), { padding: [12, 12] });
  }

  showLanes(lanes) {
    this.lanes = L.geoJSON(lanes, {
      style: { color: "#546171", weight: 3, opacity: 0.45, dashArray: "1 6" },
      onEachFeature: (lane, line) => line.bindTooltip(document.createTextNode(lane.properties.name), { sticky: true }),
    }).addTo(this.map);
  }

  show(state) {
    this.grids.forEach((layer) => layer.remove());
    this.grids.clear();
    state.land.features.forEach((feature) => {
      const layer = L.geoJSON(feature, { style: this.styleOf(feature) }).getLayers()[0];
      layer.feature = feature;
      layer.bindTooltip(document.createTextNode(feature.properties.name), { sticky: true, className: "unit-name" });
      layer.on("click", () => this.onChoose(feature.properties.code));
      layer.addTo(this.map);
      this.grids.set(feature.properties.code, layer);
    });
    this.lanes?.bringToFront();
  }

  styleOf(feature) {
    return feature.properties.changed ? { ...GRID, ...CHANGED } : GRID;
  }

  mark(codes) {
    this.grids.forEach((layer, code) => {
      layer.setStyle(this.styleOf(layer.feature));
      if (codes.includes(code)) layer.setStyle(CHOSEN).bringToFront();
    });
  }

  point(finding) {
    this.marks.clearLayers();
    const red = { color: "#b42318", weight: 4, fillOpacity: 0.5 };
    if (finding.shape) L.geoJSON(finding.shape, { style: red }).addTo(this.marks);
    if (!finding.at) return this.mark(finding.units);
    const [lon, lat] = finding.at;
    L.circleMarker([lat, lon], { ...red, radius: 12, fillOpacity: 0.1 }).addTo(this.marks);
    this.map.setView([lat, lon], Math.max(this.map.getZoom(), 17));
  }

  focus(code) {
    // At once: whoever takes hold of a corner while the map still flies takes hold of the map.
    this.map.fitBounds(this.grids.get(code).getBounds().pad(0.6), { animate: false });
  }

  // The lanes that run inside a grid, not along its border.
  lanesAcross(code) {
    const rings = ringsOf(this.grids.get(code).getLatLngs());
    const runs = (lane) =>
      lane.getLatLngs().some((to, at, corners) => at > 0 && isBeside(corners[at - 1], to, (place) => isInside(place, rings)));
    const found = (this.lanes?.getLayers() ?? []).filter(runs).map((lane) => lane.feature);
    return found.sort((a, b) => a.properties.name.localeCompare(b.properties.name, "zh"));
  }

  // Draw a Line or a Polygon; resolves with its geometry, or never where the drawing is given up.
  draw(kind, then) {
    this.map.once("pm:create", ({ layer }) => {
      const { geometry } = layer.toGeoJSON(15);
      layer.addTo(this.marks);
      then(geometry);
    });
    this.map.pm.enableDraw(kind, { snappable: true, finishOn: kind === "Line" ? "dblclick" : null });
  }

  // Have the corners of one grid dragged, added and taken away, with those that its neighbours share.
  shift(code) {
    this.moved = new Set();
    const layer = this.grids.get(code);
    this.grids.forEach((grid) => grid.setStyle({ snapIgnore: true }) && (grid.options.snapIgnore = true));
    layer.pm.enable({ allowSelfIntersection: false, snappable: true });
    let held = null;
    layer.on("pm:markerdragstart", ({ markerEvent }) => {
      held = this.cornersAt(code, markerEvent.target.getLatLng());
    });
    const follow = ({ markerEvent }) => {
      const { lat, lng } = markerEvent.target.getLatLng();
      held?.forEach(([grid, corner]) => {
        Object.assign(corner, { lat, lng });
        grid.redraw();
        this.moved.add(grid.feature.properties.code);
      });
      this.moved.add(code);
    };
    layer.on("pm:markerdrag", follow);
    layer.on("pm:markerdragend", follow);
    layer.on("pm:vertexadded", ({ latlng, indexPath }) => this.addBeside(code, latlng, indexPath));
    layer.on("pm:vertexremoved", ({ marker }) => {
      this.cornersAt(code, marker.getLatLng()).forEach(([grid, corner, ring]) => {
        if (ring.length > 3) ring.splice(ring.indexOf(corner), 1);
        grid.redraw();
        this.moved.add(grid.feature.properties.code);
      });
      this.moved.add(code);
    });
  }

  // The corners of other grids at a place: [layer, corner, ring].
  cornersAt(code, place) {
    const found = [];
    this.grids.forEach((grid, other) => {
      if (other === code) return;
      ringsOf(grid.getLatLngs()).forEach((ring) =>
        ring.filter((corner) => isSame(corner, place)).forEach((corner) => found.push([grid, corner, ring])),
      );
    });
    return found;
  }

  // A corner put on an edge stands in the neighbour's edge too.
  addBeside(code, latlng, indexPath) {
    const own = indexPath.slice(0, -1).reduce((rings, at) => rings[at], this.grids.get(code).getLatLngs());
    const at = indexPath.at(-1);
    const before = own[(at - 1 + own.length) % own.length];
    const after = own[(at + 1) % own.length];
    this.moved.add(code);
    this.grids.forEach((grid, other) => {
      if (other === code) return;
      ringsOf(grid.getLatLngs()).forEach((ring) => {
        const found = ring.findIndex((corner, index) => {
          const next = ring[(index + 1) % ring.length];
          return (isSame(corner, before) && isSame(next, after)) || (isSame(corner, after) && isSame(next, before));
        });
        if (found < 0) return;
        ring.splice(found + 1, 0, L.latLng(latlng.lat, latlng.lng));
        grid.redraw();
        this.moved.add(other);
      });
    });
  }

  shifted() {
    return Object.fromEntries([...this.moved].map((code) => [code, this.grids.get(code).toGeoJSON(15).geometry]));
  }

  rest() {
    this.map.off("pm:create");
    this.map.pm.disableDraw();
    this.grids.forEach((grid) => grid.pm.disable());
    this.marks.clearLayers();
  }
}
