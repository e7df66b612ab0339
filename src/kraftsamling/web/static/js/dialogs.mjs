// A link with data-dialog="id" opens that <dialog> instead of going to its confirm page.
export function enhanceDialogs(root) {
  for (const opener of root.querySelectorAll("[data-dialog]:not([data-ready])")) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog?.showModal) continue;
    opener.dataset.ready = "";
    opener.setAttribute("aria-haspopup", "dialog");
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
      if (event.target.closest("[data-close]")) {
        event.preventDefault();
        dialog.close();
      }
    });
  }
}
