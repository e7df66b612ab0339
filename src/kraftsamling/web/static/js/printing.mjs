// A page may have lain open for hours: on paper it also says when it was printed. Without
// JavaScript the moment it was fetched stands there alone.
export function noteWhenPrinted(root) {
  addEventListener("beforeprint", () => {
    const now = new Date();
    const words = new Intl.DateTimeFormat(document.documentElement.lang || "sv", {
      dateStyle: "long",
      timeStyle: "short",
    }).format(now);
    for (const slot of root.querySelectorAll("[data-print-time]")) {
      slot.textContent = ` ${slot.dataset.printTime.replace("%s", words)}`;
    }
  });
}
