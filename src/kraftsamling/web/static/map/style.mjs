// The base map: our own offline style, another style, or a PMTiles archive.

const LABEL_FONTS = ["Noto Sans", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif"];

export async function loadStyle({ own, url, archive, archiveReader, library, dark }) {
  if (archive) return styleOfArchive({ archive, archiveReader, library, dark });
  const address = new URL(url || own, document.baseURI);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const style = await answer.json();
  // Addresses in a style are relative to the style, but the library reads them from the page.
  for (const source of Object.values(style.sources)) {
    if (typeof source.data === "string") source.data = new URL(source.data, address).href;
  }
  return style;
}

async function styleOfArchive({ archive, archiveReader, library, dark }) {
  const [{ PMTiles, Protocol }, maplibre] = await Promise.all([import(archiveReader), library()]);
  const address = new URL(archive, document.baseURI).href;
  const file = new PMTiles(address);
  const protocol = new Protocol();
  protocol.add(file);
  maplibre.addProtocol("pmtiles", protocol.tile);
  const [header, metadata] = await Promise.all([file.getHeader(), file.getMetadata()]);
  const isVector = header.tileType === 1;
  const source = {
    type: isVector ? "vector" : "raster",
    url: `pmtiles://${address}`,
    attribution: plain(metadata?.attribution),
    ...(isVector ? {} : { tileSize: 256 }),
  };
  const colours = dark ? DARK : LIGHT;
  const background = {
    id: "land",
    type: "background",
    paint: { "background-color": colours.land },
  };
  const layers = isVector
    ? (metadata?.vector_layers ?? []).flatMap((layer) => layersOf(layer.id, colours))
    : [{ id: "picture", type: "raster", source: "base" }];
  return {
    version: 8,
    center: [header.centerLon, header.centerLat],
    zoom: header.centerZoom || 11,
    sources: { base: source },
    layers: [background, ...layers.sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type))],
  };
}

// An attribution comes as HTML from whoever made the archive: only its words are shown.
function plain(html) {
  if (!html) return "";
  return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}

const LIGHT = {
  land: "#f6f3ec", green: "#e6ead9", water: "#cfdfe2", built: "#eae4d8", road: "#ffffff",
  edge: "#b9b3a4", text: "#40504e", halo: "#fbfaf6",
}; // prettier-ignore
const DARK = {
  land: "#17211f", green: "#1c2b25", water: "#0f2a33", built: "#212c2b", road: "#33403f",
  edge: "#506361", text: "#c6d0cc", halo: "#0e1a1b",
}; // prettier-ignore
const ORDER = ["background", "fill", "line", "symbol"];

// Archives name their layers differently; the words in the names are much the same everywhere.
function layersOf(name, colours) {
  const source = { source: "base", "source-layer": name };
  const fill = (colour) => [
    { id: name, type: "fill", ...source, filter: isA("Polygon"), paint: { "fill-color": colour } },
  ];
  const line = (colour, width, dashes) => [
    {
      id: `${name}-line`,
      type: "line",
      ...source,
      filter: ["!", isA("Point")],
      layout: { "line-join": "round" },
      paint: {
        "line-color": colour,
        "line-width": width,
        ...(dashes ? { "line-dasharray": dashes } : {}),
      },
    },
  ];
  const zoomed = ["interpolate", ["exponential", 1.6], ["zoom"], 8, 0.5, 14, 3, 18, 14];
  if (/place|locality|poi|label|landmark/.test(name)) return [labels(name, source, colours)];
  if (/waterway|river/.test(name)) return line(colours.water, 1.5);
  if (/water|ocean|sea/.test(name)) return fill(colours.water);
  if (/park|land|wood|forest|green|natural/.test(name)) return fill(colours.green);
  if (/build|built|town|resid/.test(name)) return fill(colours.built);
  if (/road|street|transport|highway|path/.test(name)) return line(colours.road, zoomed);
  if (/bound|border|admin/.test(name)) return line(colours.edge, 1, [3, 2]);
  // A layer of everything, or of something unknown: its outlines and its names.
  return [...line(colours.edge, 0.5), labels(name, source, colours)];
}

function isA(kind) {
  return ["==", ["geometry-type"], kind];
}

function labels(name, source, colours) {
  return {
    id: `${name}-name`,
    type: "symbol",
    ...source,
    filter: ["all", ["has", "name"], isA("Point")],
    layout: { "text-field": ["get", "name"], "text-font": LABEL_FONTS, "text-size": 12 },
    paint: { "text-color": colours.text, "text-halo-color": colours.halo, "text-halo-width": 1.5 },
  };
}
