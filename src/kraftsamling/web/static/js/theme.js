// Runs before the first paint, so that a page never flashes in the wrong light.
// A classic script on purpose: a module would wait until the page has been read.
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var scheme = localStorage.getItem("color-scheme");
    if (scheme === "light" || scheme === "dark") root.dataset.colorScheme = scheme;
  } catch {
    // Storage is switched off: the device's own choice stands.
  }
})();
