// Messages can be put away. They never disappear by themselves: some people read slowly.
const ICONS = {
  success: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8 12.4l2.8 2.8L16 9.8",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.5M12 7.6v.2",
};
const CLOSE = "M6 6l12 12M18 6L6 18";

function drawIcon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "ks-icon");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

function addClose(toast, region) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ks-toast__close";
  button.setAttribute("aria-label", region.dataset.closeLabel);
  button.append(drawIcon(CLOSE));
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
}

// Shows a message from code: `say("Sparat", "success")`.
export function say(text, kind = "info") {
  const region = document.getElementById("ks-toasts");
  const toast = document.createElement("div");
  toast.className = "ks-toast";
  toast.dataset.kind = kind;
  const line = document.createElement("p");
  line.textContent = text;
  toast.append(drawIcon(ICONS[kind] ?? ICONS.info), line);
  addClose(toast, region);
  region.append(toast);
}

export function enhanceToasts(root) {
  const region = root.getElementById("ks-toasts");
  if (!region) return;
  for (const toast of region.querySelectorAll(".ks-toast")) addClose(toast, region);
  root.addEventListener("ks:say", (event) => say(event.detail.text, event.detail.kind));
}
