// What the page wants shown: points (in clusters when they crowd), lines and areas.
//
// Properties that are read: title, text, url, link (the link's words), kind ("", "marked",
// "muted"), and on areas `step` 0-5 (how strong the colour). Nothing is put in as HTML.
import { openPopup } from "./popup.mjs";

const LABEL_FONTS = ["Figtree", "Noto Sans", "Segoe UI", "Roboto", "Arial", "sans-serif"];

export function addFeatures(element) {
  const { map, features } = element;
  const all = features.features.filter((feature) => feature.geometry);
  const isPoint = (feature) => feature.geometry.type.endsWith("Point");
  const colours = readColours();
  const fonts = map.getStyle().glyphs ? ["Noto Sans Regular"] : LABEL_FONTS;
  // Areas lie under the base map's names, points on top of everything.
  const names = map.getStyle().layers.find((layer) => layer.type === "symbol")?.id;
  addAreas(
    map,
    all.filter((feature) => !isPoint(feature)),
    colours,
    names,
  );
  addPoints(map, all.filter(isPoint), colours, fonts);
  if (element.listening) return; // a change of style keeps the listeners
  element.listening = true;
  listen(element);
}

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    point: read("--ks-data-1"),
    marked: read("--ks-tram"),
    muted: read("--ds-color-neutral-border-default"),
    subtle: read("--ds-color-neutral-text-subtle"),
    ground: read("--ds-color-neutral-surface-default"),
    ink: read("--ds-color-neutral-text-default"),
    onPoint: read("--ds-color-accent-base-contrast-default"),
    heat: [0, 1, 2, 3, 4, 5].map((step) => read(`--ks-heat-${step}`)),
  };
}

function collection(features) {
  return { type: "FeatureCollection", features };
}

function addAreas(map, areas, colours, before) {
  if (!areas.length) return;
  map.addSource("ks-areas", { type: "geojson", data: collection(areas) });
  const step = ["coalesce", ["get", "step"], 2];
  const heat = colours.heat.flatMap((colour, index) => (index ? [index, colour] : []));
  map.addLayer(
    {
      id: "ks-area",
      type: "fill",
      source: "ks-areas",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: {
        "fill-color": ["step", step, colours.heat[0], ...heat],
        "fill-opacity": ["case", ["has", "step"], 0.72, 0.28],
      },
    },
    before,
  );
  map.addLayer(
    {
      id: "ks-area-edge",
      type: "line",
      source: "ks-areas",
      layout: { "line-join": "round", "line-cap": "round" },
      paint: {
        "line-color": ["match", ["get", "kind"], "marked", colours.marked, colours.point],
        // Thin from afar, or a city of small areas becomes a blot.
        "line-width": [
          "interpolate",
          ["linear"],
          ["zoom"],
          8,
          lineWidth(0.75),
          13,
          lineWidth(1.75),
        ],
      },
    },
    before,
  );
}

// A way is drawn stronger than a border.
function lineWidth(border) {
  return ["case", ["==", ["geometry-type"], "LineString"], border * 2.3, border];
}

function addPoints(map, points, colours, fonts) {
  if (!points.length) return;
  // What is marked is what the page is about: it never hides in a cluster, and lies on top.
  const isMarked = ({ properties }) => properties.kind === "marked";
  const marked = points.filter(isMarked);
  addClustered(
    map,
    points.filter((point) => !isMarked(point)),
    colours,
    fonts,
  );
  if (!marked.length) return;
  map.addSource("ks-marked", { type: "geojson", data: collection(marked) });
  map.addLayer({
    id: "ks-marked",
    type: "circle",
    source: "ks-marked",
    paint: {
      "circle-color": colours.marked,
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 7, 15, 11],
      "circle-stroke-color": colours.ink,
      "circle-stroke-width": 2.5,
    },
  });
  addMarkedName(map, colours, fonts);
}

// What the page is about has its own name on the map, and that name is placed before the others':
// a neighbour's name under the marker would be read as the place's own.
function addMarkedName(map, colours, fonts) {
  map.addLayer({
    id: "ks-marked-name",
    type: "symbol",
    source: "ks-marked",
    layout: {
      "text-field": ["get", "title"],
      "text-font": fonts,
      "text-size": 14,
      "text-variable-anchor": ["top", "bottom"],
      "text-radial-offset": 1.1,
      "text-max-width": 10,
      "text-allow-overlap": true,
    },
    paint: {
      "text-color": colours.ink,
      "text-halo-color": colours.ground,
      "text-halo-width": 2,
    },
  });
}

function addClustered(map, points, colours, fonts) {
  if (!points.length) return;
  // Beside a marked place the others are faint, and few enough to stand one by one.
  const faint = points.every(({ properties }) => properties.kind === "muted");
  map.addSource("ks-points", {
    type: "geojson",
    data: collection(points),
    cluster: !faint,
    clusterRadius: 36,
    clusterMaxZoom: 14,
  });
  const grouped = ["has", "point_count"];
  map.addLayer({
    id: "ks-cluster",
    type: "circle",
    source: "ks-points",
    filter: grouped,
    paint: {
      "circle-color": colours.point,
      "circle-radius": ["step", ["get", "point_count"], 15, 10, 19, 50, 24],
      "circle-stroke-color": colours.ground,
      "circle-stroke-width": 3,
    },
  });
  map.addLayer({
    id: "ks-cluster-count",
    type: "symbol",
    source: "ks-points",
    filter: grouped,
    layout: {
      "text-field": ["get", "point_count_abbreviated"],
      "text-font": fonts,
      "text-size": 14,
      "text-allow-overlap": true,
    },
    paint: { "text-color": colours.onPoint },
  });
  const radius = faint ? [3.5, 6] : [5, 9];
  map.addLayer({
    id: "ks-point",
    type: "circle",
    source: "ks-points",
    filter: ["!", grouped],
    paint: {
      "circle-color": ["match", ["get", "kind"], "muted", colours.muted, colours.point],
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, radius[0], 15, radius[1]],
      "circle-stroke-color": colours.ground,
      "circle-stroke-width": faint ? 1.5 : 2.5,
    },
  });
  if (faint) addNames(map, colours, fonts);
}

// The faint places are known by their names, where there is room for them.
function addNames(map, colours, fonts) {
  map.addLayer({
    id: "ks-point-name",
    type: "symbol",
    source: "ks-points",
    minzoom: 12.5,
    layout: {
      "text-field": ["get", "title"],
      "text-font": fonts,
      "text-size": 12,
      "text-offset": [0, 0.9],
      "text-anchor": "top",
      "text-max-width": 9,
      "text-optional": true,
    },
    paint: {
      "text-color": colours.subtle,
      "text-halo-color": colours.ground,
      "text-halo-width": 1.5,
    },
  });
}

function listen(element) {
  const { map } = element;
  const dots = ["ks-marked", "ks-point"];
  const shown = [...dots, "ks-area"];
  map.on("click", async (event) => {
    const layers = ["ks-cluster", ...shown].filter((layer) => map.getLayer(layer));
    const [hit] = layers.length ? map.queryRenderedFeatures(event.point, { layers }) : [];
    if (!hit) return;
    if (hit.layer.id === "ks-cluster") {
      const zoom = await map
        .getSource("ks-points")
        .getClusterExpansionZoom(hit.properties.cluster_id);
      map.easeTo({ center: hit.geometry.coordinates, zoom });
      return;
    }
    const at = dots.includes(hit.layer.id) ? hit.geometry.coordinates : event.lngLat;
    openPopup(element, hit.properties, at);
  });
  for (const layer of ["ks-cluster", ...shown]) {
    map.on("mouseenter", layer, () => map.getCanvas().classList.add("ks-map__over"));
    map.on("mouseleave", layer, () => map.getCanvas().classList.remove("ks-map__over"));
  }
}

// [west, south, east, north] of everything, or null where there is nothing.
export function boundsOf(features) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (coordinates) => {
    if (typeof coordinates[0] !== "number") return coordinates.forEach(visit);
    const [x, y] = coordinates;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  };
  for (const { geometry } of features.features) if (geometry) visit(geometry.coordinates);
  return Number.isFinite(box[0]) ? box : null;
}
