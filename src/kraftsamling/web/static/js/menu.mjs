// The main menu on a small screen: the link to the menu becomes a button that opens it in place.
export function enhanceMenu(root) {
  const link = root.querySelector("[data-menu-button]");
  const panel = root.getElementById("meny");
  if (!link || !panel) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.append(...link.childNodes);
  button.setAttribute("aria-controls", panel.id);
  const show = (open) => {
    button.setAttribute("aria-expanded", String(open));
    panel.toggleAttribute("data-open", open);
  };
  show(false);
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !panel.hasAttribute("data-open"))
      return;
    show(false);
    button.focus();
  });
  link.replaceWith(button);
}

// Small menus (language, appearance, account) close when one clicks elsewhere or presses Escape.
export function closeToolsOutside(root) {
  const open = () => root.querySelectorAll("details.ks-tool[open]");
  root.addEventListener("click", (event) => {
    for (const tool of open()) if (!tool.contains(event.target)) tool.open = false;
  });
  root.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape") return;
      for (const tool of open()) {
        tool.open = false;
        if (tool.contains(event.target)) tool.querySelector("summary").focus();
        event.preventDefault();
      }
    },
    { capture: true },
  );
}
