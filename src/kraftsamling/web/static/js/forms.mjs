// Forms: the error summary takes the focus, long texts count down, and a form is sent once.
function countDown(field) {
  const limit = field.maxLength;
  const counter = document.getElementById(`${field.id}_counter`);
  if (!counter || limit < 1) return;
  const visible = counter.querySelector("[data-count]");
  const spoken = counter.querySelector("[data-spoken]");
  let timer = 0;
  const show = () => {
    const left = limit - field.value.length;
    visible.textContent = counter.dataset.left.replace("%d", left);
    visible.classList.toggle("ks-counter--low", left <= limit / 10);
    clearTimeout(timer);
    // Read aloud after a pause, not at every key.
    timer = setTimeout(() => (spoken.textContent = visible.textContent), 1200);
  };
  field.addEventListener("input", show);
  show();
}

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Coming back with the browser's back button gives a form that can be sent again.
  addEventListener("pageshow", () => {
    delete form.dataset.sent;
    for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  });
}

function followChoices(form) {
  // Filters that apply themselves; the button stays for those without JavaScript.
  form.addEventListener("change", () => form.requestSubmit());
}

export function enhanceForms(root) {
  root.querySelector("form:not([data-quiet]) [data-error-summary]")?.focus();
  for (const field of root.querySelectorAll("[data-counted]:not([data-ready])")) {
    field.dataset.ready = "";
    countDown(field);
  }
  for (const form of root.querySelectorAll('form[method="post"]:not([data-ready])')) {
    form.dataset.ready = "";
    if (!form.hasAttribute("hx-post")) sendOnce(form);
  }
  for (const form of root.querySelectorAll("form[data-follow]:not([data-ready])")) {
    form.dataset.ready = "";
    followChoices(form);
  }
}
