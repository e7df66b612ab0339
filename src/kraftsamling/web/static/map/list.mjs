// The list beside the map: a row that carries data-feature="id" gets a button that shows it on
// the map. So everything that can be pointed at can be reached with the keyboard too.
import { boundsOf } from "./features.mjs";
import { openPopup } from "./popup.mjs";

export function tieToList(element, { still }) {
  const byId = new Map(
    element.features.features.map((feature) => [
      String(feature.properties.id ?? feature.id),
      feature,
    ]),
  );
  for (const row of element.frame.querySelectorAll(".ks-map__list [data-feature]")) {
    const feature = byId.get(row.dataset.feature);
    if (!feature?.geometry) continue;
    const cell = row.querySelector("th, td") ?? row;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ks-map__show";
    button.textContent = element.words.show;
    const title = feature.properties.title ?? cell.textContent.trim();
    button.setAttribute("aria-label", `${element.words.show}: ${title}`);
    button.addEventListener("click", () => show(element, feature, button, still));
    cell.append(" ", button);
  }
}

function show(element, feature, button, still) {
  const { map } = element;
  const [west, south, east, north] = boundsOf({ features: [feature] });
  const middle = [(west + east) / 2, (south + north) / 2];
  element.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  if (feature.geometry.type.endsWith("Point")) {
    const zoom = Math.max(map.getZoom(), 15);
    map[still ? "jumpTo" : "easeTo"]({ center: middle, zoom });
  } else {
    map.fitBounds([west, south, east, north], { padding: 40, animate: !still });
  }
  openPopup(element, feature.properties, middle, button);
}
