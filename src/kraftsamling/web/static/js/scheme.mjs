// Light, dark, or as the device has it. Kept in the browser's own storage, never sent anywhere.
export function enhanceThemeChooser(root) {
  const html = document.documentElement;
  const buttons = root.querySelectorAll("[data-theme-chooser] [data-scheme]");
  const show = () => {
    for (const button of buttons) {
      button.setAttribute(
        "aria-pressed",
        String(button.dataset.scheme === html.dataset.colorScheme),
      );
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      html.dataset.colorScheme = button.dataset.scheme;
      try {
        if (button.dataset.scheme === "auto") localStorage.removeItem("color-scheme");
        else localStorage.setItem("color-scheme", button.dataset.scheme);
      } catch {
        // Without storage the choice holds for this page only.
      }
      show();
      document.dispatchEvent(new CustomEvent("ks:color-scheme"));
    });
  }
  show();
}

// Whether the page is dark right now, by choice or by the device.
export function isDark() {
  const chosen = document.documentElement.dataset.colorScheme;
  if (chosen === "dark" || chosen === "light") return chosen === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
