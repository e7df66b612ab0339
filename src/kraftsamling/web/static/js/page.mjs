// What every page gets when JavaScript runs. Each part finds its own elements and does nothing
// where there are none; without it every page still works.
import { enhanceDialogs } from "./dialogs.mjs";
import { enhanceForms } from "./forms.mjs";
import { enhanceMenu, closeToolsOutside } from "./menu.mjs";
import { noteWhenPrinted } from "./printing.mjs";
import { enhanceTabs } from "./tabs.mjs";
import { enhanceThemeChooser } from "./scheme.mjs";
import { giveNames } from "./guard-names.mjs";
import { enhanceToasts } from "./toasts.mjs";

function enhance(root) {
  enhanceTabs(root);
  enhanceForms(root);
  enhanceDialogs(root);
}

enhanceMenu(document);
closeToolsOutside(document);
enhanceThemeChooser(document);
enhanceToasts(document);
noteWhenPrinted(document);
enhance(document);

// htmx puts new pieces into the page: they are enhanced as they arrive.
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));

// A page with a map loads the map's code only then, a page with a guarded text the guard.
const map = document.querySelector("ks-map");
if (map) import(map.getAttribute("module"));
fetchGuard();
document.addEventListener("htmx:load", fetchGuard);

function fetchGuard() {
  if (!document.querySelector("[data-privacy-guard]")) return;
  const href = new URL("../privacy/guard.css", import.meta.url).href;
  if (![...document.styleSheets].some((sheet) => sheet.href === href)) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    document.head.append(link);
  }
  const guard = () => import("../privacy/guard.mjs");
  // The guard reads what the page knows as it begins, so the city's names are put there first.
  giveNames(document).finally(guard);
}
