// <ks-map>: the one map of the site. It draws what the list beside it says, and never instead of
// it. Written by `{% map %}`; what it takes is described in docs/design.md.
import { isDark } from "../js/scheme.mjs";
import { addFeatures, boundsOf } from "./features.mjs";
import { tieToList } from "./list.mjs";
import { addPicker } from "./picker.mjs";
import { loadStyle } from "./style.mjs";

class KsMap extends HTMLElement {
  connectedCallback() {
    if (this.started) return;
    this.started = true;
    this.words = JSON.parse(document.getElementById(this.getAttribute("words")).textContent);
    this.frame = this.closest(".ks-map");
    this.offerSwitch();
    // 295 kB of map code: fetched only when the map is about to be seen.
    this.watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.watcher.disconnect();
        this.draw().catch((error) => this.giveUp(error));
      },
      { rootMargin: "200px" },
    );
    if (this.frame.dataset.view === "list") this.hidden = true;
    this.watcher.observe(this);
  }

  offerSwitch() {
    const buttons = this.frame.querySelectorAll("[data-view-choice]");
    const show = (view) => {
      this.frame.dataset.view = view;
      this.hidden = view === "list";
      for (const button of buttons) {
        button.setAttribute("aria-pressed", String(button.dataset.viewChoice === view));
      }
      this.map?.resize();
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        show(button.dataset.viewChoice);
        try {
          localStorage.setItem("map-view", button.dataset.viewChoice);
        } catch {
          // Without storage the choice holds for this page only.
        }
      });
    }
    let remembered = null;
    try {
      remembered = localStorage.getItem("map-view");
    } catch {
      // Storage is switched off.
    }
    show(remembered === "list" && !this.hasAttribute("always") ? "list" : "map");
  }

  async draw() {
    if (!hasWebGL()) throw new Error("no WebGL");
    this.setAttribute("aria-busy", "true");
    addStylesheet(this.getAttribute("stylesheet"));
    const [library, features, style] = await Promise.all([
      import(this.getAttribute("library")),
      this.fetchFeatures(),
      this.fetchStyle(),
    ]);
    library.setWorkerUrl(new URL(this.getAttribute("worker"), document.baseURI).href);
    this.library = library;
    this.features = features;
    this.createMap(style);
  }

  async fetchFeatures() {
    const inline = this.getAttribute("data");
    if (inline) return JSON.parse(document.getElementById(inline).textContent);
    const address = this.getAttribute("data-url");
    if (!address) return { type: "FeatureCollection", features: [] };
    const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  }

  fetchStyle() {
    return loadStyle({
      own: this.getAttribute(isDark() ? "style-dark" : "style-light"),
      url: this.getAttribute("style-url"),
      archive: this.getAttribute("pmtiles"),
      archiveReader: this.getAttribute("pmtiles-library"),
      library: () => import(this.getAttribute("library")),
      dark: isDark(),
    });
  }

  createMap(style) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const canvas = document.createElement("div");
    canvas.className = "ks-map__canvas";
    this.replaceChildren(canvas);
    const given = (this.getAttribute("bounds") ?? "").split(",").map(Number);
    const bounds = given.length === 4 ? given : boundsOf(this.features);
    const padding = this.clientWidth < 640 ? 16 : 40;
    this.map = new this.library.Map({
      container: canvas,
      style,
      ...(bounds ? { bounds, fitBoundsOptions: { padding, maxZoom: 15 } } : {}),
      attributionControl: { compact: this.clientWidth < 640 },
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: still ? 0 : 200,
      locale: this.words.library,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new this.library.NavigationControl({ showCompass: false }));
    this.addScale();
    if (bounds)
      this.map.addControl(new WholeControl(this.words.whole, bounds, { padding, animate: !still }));
    if (this.hasAttribute("pick-latitude")) addPicker(this);
    this.map.on("error", ({ error }) => console.warn(`map: ${error?.message ?? error}`));
    this.map.on("style.load", () => addFeatures(this));
    this.map.once("load", () => {
      this.removeAttribute("aria-busy");
      this.dataset.ready = "";
      tieToList(this, { still });
      this.dispatchEvent(new CustomEvent("ks:map-ready", { bubbles: true }));
    });
    this.followScheme();
  }

  // On a narrow map the sources fill the lower edge, and above them is room unless a point is picked.
  addScale() {
    const isNarrow = this.clientWidth < 640;
    if (isNarrow && this.hasAttribute("pick-latitude")) return;
    const scale = new this.library.ScaleControl({ maxWidth: 110, unit: "metric" });
    this.map.addControl(scale, isNarrow ? "top-left" : "bottom-left");
  }

  followScheme() {
    const redraw = async () => this.map.setStyle(await this.fetchStyle(), { diff: false });
    document.addEventListener("ks:color-scheme", redraw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  }

  giveUp(error) {
    console.warn(`map: ${error.message}`);
    this.removeAttribute("aria-busy");
    this.dataset.failed = "";
    const line = document.createElement("p");
    line.textContent = this.words.failed;
    this.replaceChildren(line);
  }
}

// "Show everything": back to where the map began.
class WholeControl {
  constructor(label, bounds, how) {
    Object.assign(this, { label, bounds, how });
  }

  onAdd(map) {
    this.box = document.createElement("div");
    this.box.className = "maplibregl-ctrl maplibregl-ctrl-group";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ks-map__whole";
    button.title = this.label;
    button.setAttribute("aria-label", this.label);
    button.addEventListener("click", () =>
      map.fitBounds(this.bounds, { maxZoom: 15, ...this.how }),
    );
    this.box.append(button);
    return this.box;
  }

  onRemove() {
    this.box.remove();
  }
}

function hasWebGL() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

function addStylesheet(href) {
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  // Before the site's own sheets, so that ours have the last word.
  document.head.querySelector('link[rel="stylesheet"]').before(link);
}

customElements.define("ks-map", KsMap);
