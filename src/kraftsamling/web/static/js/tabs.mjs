// Tabs: without JavaScript a list of links to sections that all show; with it, the WAI-ARIA tabs
// pattern (arrow keys move, Home and End jump, the address keeps the chosen tab).
export function enhanceTabs(root) {
  for (const box of root.querySelectorAll("[data-tabs]:not([data-ready])")) {
    const list = box.querySelector(".ks-tabs__list");
    const links = [...list.querySelectorAll("a")];
    const panels = links.map((link) => document.getElementById(link.hash.slice(1)));
    if (panels.some((panel) => !panel)) continue;
    box.dataset.ready = "";
    list.setAttribute("role", "tablist");
    for (const item of list.querySelectorAll("li")) item.setAttribute("role", "presentation");
    links.forEach((link, index) => {
      link.setAttribute("role", "tab");
      link.id ||= `${panels[index].id}-flik`;
      link.setAttribute("aria-controls", panels[index].id);
      panels[index].setAttribute("role", "tabpanel");
      panels[index].setAttribute("aria-labelledby", link.id);
      panels[index].tabIndex = 0;
    });
    const choose = (index, focus) => {
      links.forEach((link, i) => {
        link.setAttribute("aria-selected", String(i === index));
        link.tabIndex = i === index ? 0 : -1;
        panels[i].hidden = i !== index;
      });
      if (focus) links[index].focus();
    };
    links.forEach((link, index) =>
      link.addEventListener("click", (event) => {
        event.preventDefault();
        history.replaceState(history.state, "", link.hash);
        choose(index, true);
      }),
    );
    list.addEventListener("keydown", (event) => {
      const here = links.indexOf(document.activeElement);
      const forward = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
      const backward = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
      const target = {
        [forward]: (here + 1) % links.length,
        [backward]: (here - 1 + links.length) % links.length,
        Home: 0,
        End: links.length - 1,
      }[event.key];
      if (here < 0 || target === undefined) return;
      event.preventDefault();
      choose(target, true);
    });
    const wanted = links.findIndex((link) => link.hash === location.hash);
    choose(Math.max(wanted, 0), false);
  }
}
