// Choosing a point: a tap on the map, or the button that takes the map's middle (for the keyboard).
// The two number fields stay the truth; the map only helps to fill them in.
export function addPicker(element) {
  const { map, library, words } = element;
  const latitude = document.getElementById(element.getAttribute("pick-latitude"));
  const longitude = document.getElementById(element.getAttribute("pick-longitude"));
  if (!latitude || !longitude) return;
  const pin = document.createElement("div");
  pin.className = "ks-map__pin";
  pin.setAttribute("aria-label", words.library["Marker.Title"]);
  pin.setAttribute("role", "img");
  const marker = new library.Marker({ element: pin, draggable: true, anchor: "bottom" });
  const read = (field) => (field.value.trim() ? Number(field.value.replace(",", ".")) : NaN);
  const place = () => {
    const [lat, lng] = [read(latitude), read(longitude)];
    if (Math.abs(lat) <= 90 && Math.abs(lng) <= 180) marker.setLngLat([lng, lat]).addTo(map);
    else marker.remove();
    return [lng, lat];
  };
  const choose = ({ lng, lat }) => {
    latitude.value = lat.toFixed(6);
    longitude.value = lng.toFixed(6);
    for (const field of [latitude, longitude]) {
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    place();
  };
  map.on("click", (event) => choose(event.lngLat));
  marker.on("dragend", () => choose(marker.getLngLat()));
  for (const field of [latitude, longitude]) field.addEventListener("change", place);
  map.addControl(new MiddleControl(words.pick, () => choose(map.getCenter())), "top-left");
  const [lng, lat] = place();
  if (Number.isFinite(lng) && Number.isFinite(lat)) map.jumpTo({ center: [lng, lat], zoom: 15 });
}

class MiddleControl {
  constructor(label, choose) {
    Object.assign(this, { label, choose });
  }

  onAdd() {
    this.box = document.createElement("div");
    this.box.className = "maplibregl-ctrl";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ds-button ks-map__middle";
    button.textContent = this.label;
    button.addEventListener("click", this.choose);
    this.box.append(button);
    return this.box;
  }

  onRemove() {
    this.box.remove();
  }
}
