// A page may have lain open for hours: on paper it also says when it was printed, on the city's
// clock. Without JavaScript the moment it was fetched stands there alone.
export function noteWhenPrinted(root) {
  addEventListener("beforeprint", () => {
    const now = new Date();
    for (const slot of root.querySelectorAll("[data-print-time]")) {
      const words = new Intl.DateTimeFormat(document.documentElement.lang || "sv", {
        dateStyle: "long",
        timeStyle: "short",
        timeZone: slot.dataset.timeZone || undefined,
      }).format(now);
      slot.textContent = ` ${slot.dataset.printTime.replace("%s", words)}`;
    }
  });
}
