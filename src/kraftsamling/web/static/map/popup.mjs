// A popup with a title, a text and a link, built as elements: a place's name is never HTML.
export function openPopup(element, properties, at, returnTo = null) {
  const { map, library } = element;
  element.popup?.remove();
  const body = document.createElement("div");
  body.className = "ks-map__popup";
  const title = document.createElement("p");
  title.className = "ks-map__popup-title";
  title.textContent = properties.title ?? "";
  body.append(title);
  if (properties.text) {
    const text = document.createElement("p");
    text.textContent = properties.text;
    body.append(text);
  }
  if (properties.url && isOwnOrWeb(properties.url)) {
    const link = document.createElement("a");
    link.href = properties.url;
    link.textContent = properties.link || element.words.more;
    body.append(link);
  }
  const popup = new library.Popup({ maxWidth: "18rem", focusAfterOpen: true, offset: 10 })
    .setLngLat(at)
    .setDOMContent(body)
    .addTo(map);
  popup.getElement().setAttribute("role", "dialog");
  popup.getElement().setAttribute("aria-label", properties.title ?? "");
  popup.getElement().addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    popup.remove();
    (returnTo ?? map.getCanvas()).focus();
  });
  popup.on("close", () => {
    if (element.popup === popup) element.popup = null;
  });
  element.popup = popup;
  if (!popup.getElement().contains(document.activeElement)) {
    popup.getElement().querySelector("button, a")?.focus();
  }
}

// A link leads to a page, never to script.
function isOwnOrWeb(url) {
  return ["http:", "https:"].includes(new URL(url, document.baseURI).protocol);
}
