// Warns about personal data while somebody writes, on this device, before anything is sent.
//
//   <textarea name="text" data-privacy-guard data-privacy-context="known-places"></textarea>
//   <script type="application/json" id="known-places">{"names": [...], "allowed": [...]}</script>
//
// data-privacy-context   id of a JSON element with what the page knows (see Context in detector.py)
// data-privacy-words     id of a JSON element with translations, Swedish text → text
//
// Under the field comes a list of what was found, with advice; in a textarea it is marked too (an
// input of one line scrolls sideways, where marks would not follow). A form is
// held back only while something certain stands in it. Without JavaScript, or if the rules cannot be
// fetched, the form works as ever and the server, which has the same rules, answers instead.
// Every check is told to others as the event `privacy:findings` with `detail.findings`.

import { hasBlocking, load, utf16Span } from "./detector.mjs";

const PAUSE = 400; // milliseconds without a keystroke before the text is looked at

let detectorOnItsWay;

/** Guard every marked field inside `root` that is not guarded yet. */
export function guardAll(root = document) {
  for (const field of root.querySelectorAll("textarea[data-privacy-guard], input[data-privacy-guard]")) {
    if (!field.closest(".privacy-guard")) new Guard(field);
  }
}

class Guard {
  constructor(field) {
    this.field = field;
    this.isLong = field.matches("textarea");
    this.items = new Map();
    this.findings = [];
    this.known = jsonOf(field.dataset.privacyContext);
    this.translations = jsonOf(field.dataset.privacyWords);
    this.build();
    this.listen();
    if (field.value) this.start();
  }

  build() {
    const { field } = this;
    this.box = element("div", "privacy-guard");
    this.stage = element("div", "privacy-guard__stage");
    this.marks = element("div", "privacy-guard__marks", { "aria-hidden": "true" });
    this.refusal = element("p", "privacy-guard__refusal", { tabindex: "-1", hidden: "" });
    this.report = element("div", "privacy-guard__report", { "aria-live": "polite" });
    this.summary = element("p", "privacy-guard__summary");
    this.summary.id = `${field.id || field.name || "text"}-privacy`;
    this.list = element("ul", "privacy-guard__list", { role: "list" });
    this.report.append(this.summary, this.list);
    field.before(this.box);
    this.stage.append(...(this.isLong ? [this.marks] : []), field);
    this.box.append(this.stage, this.refusal, this.report);
    const described = field.getAttribute("aria-describedby") ?? "";
    field.setAttribute("aria-describedby", `${described} ${this.summary.id}`.trim());
    this.hadInvalid = field.getAttribute("aria-invalid");
  }

  listen() {
    const { field } = this;
    field.addEventListener("focus", () => this.start(), { once: true });
    field.addEventListener("input", () => {
      this.clearMarks();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.check(), PAUSE);
    });
    field.addEventListener("scroll", () => this.followScroll());
    if (this.isLong) new ResizeObserver(() => this.copyShape()).observe(field);
    // In the capturing phase, so that a form that sends itself by script is held back too.
    field.form?.addEventListener("submit", (event) => this.onSubmit(event), { capture: true });
  }

  async start() {
    try {
      detectorOnItsWay ??= load();
      this.detector = await detectorOnItsWay;
      this.context = this.detector.known(this.known);
      this.check();
    } catch {
      detectorOnItsWay = undefined; // the next field or visit may have better luck
    }
  }

  check() {
    if (!this.detector) return;
    clearTimeout(this.timer);
    this.findings = this.detector.find(this.field.value, this.context);
    this.showFindings();
    this.showMarks();
    const detail = { findings: this.findings };
    this.field.dispatchEvent(new CustomEvent("privacy:findings", { bubbles: true, detail }));
  }

  onSubmit(event) {
    this.check();
    if (!hasBlocking(this.findings)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.refusal.textContent = this.say("refused");
    this.refusal.hidden = false;
    this.refusal.focus();
  }

  // The list under the field

  showFindings() {
    const blocked = hasBlocking(this.findings);
    this.box.classList.toggle("privacy-guard--blocked", blocked);
    if (!blocked) this.refusal.hidden = true;
    if (blocked) this.field.setAttribute("aria-invalid", "true");
    else restore(this.field, "aria-invalid", this.hadInvalid);
    const summary = this.findings.length ? this.say(blocked ? "blocked" : "doubtful") : "";
    if (this.summary.textContent !== summary) this.summary.textContent = summary;
    this.showItems();
  }

  // Only what is new is added, so that a screen reader reads only that.
  showItems() {
    const wanted = new Map();
    for (const finding of this.findings) {
      const quote = this.quote(finding);
      const key = `${finding.kind} ${finding.level} ${quote}`;
      if (wanted.has(key)) continue;
      const item = this.items.get(key) ?? this.item(finding, quote);
      item.finding = finding;
      wanted.set(key, item);
    }
    for (const [key, item] of this.items) if (!wanted.has(key)) item.remove();
    [...wanted.values()].forEach((item, place) => {
      if (this.list.children[place] !== item) this.list.insertBefore(item, this.list.children[place]);
    });
    this.items = wanted;
  }

  item(finding, quote) {
    const item = element("li", `privacy-guard__item privacy-guard__item--${finding.level}`);
    const show = element("button", "privacy-guard__quote", { type: "button" });
    const { kinds } = this.detector.words;
    show.textContent = `”${quote}”`;
    show.title = this.say("show");
    show.addEventListener("click", () => this.select(item.finding));
    const kind = element("strong", "privacy-guard__kind");
    const mustGo = finding.level === "block" ? ` · ${this.say("must_go")}` : "";
    kind.textContent = this.translated(kinds[finding.kind]) + mustGo;
    const advice = element("span", "privacy-guard__advice");
    advice.textContent = this.translated(finding.advice);
    item.append(show, " ", kind, " ", advice);
    return item;
  }

  quote(finding) {
    return this.field.value.slice(...utf16Span(this.field.value, finding));
  }

  select(finding) {
    this.field.focus();
    this.field.setSelectionRange(...utf16Span(this.field.value, finding));
  }

  // The marks behind the text: a copy of it, in the same shape, where only the marks can be seen

  showMarks() {
    if (!this.isLong) return;
    const text = this.field.value;
    const pieces = [];
    let position = 0;
    for (const finding of this.findings) {
      const [start, end] = utf16Span(text, finding);
      if (start < position) continue;
      const mark = element("mark", `privacy-guard__mark privacy-guard__mark--${finding.level}`);
      mark.textContent = text.slice(start, end);
      pieces.push(text.slice(position, start), mark);
      position = end;
    }
    // The line break makes room for a last, empty line as a text field does.
    this.marks.replaceChildren(...pieces, `${text.slice(position)}\n`);
    this.copyShape();
  }

  clearMarks() {
    this.marks.replaceChildren();
  }

  copyShape() {
    const from = getComputedStyle(this.field);
    for (const name of SHAPE) this.marks.style.setProperty(name, from.getPropertyValue(name));
    this.marks.style.setProperty("inline-size", `${this.field.clientWidth}px`);
    this.marks.style.setProperty("block-size", `${this.field.clientHeight}px`);
    this.followScroll();
  }

  followScroll() {
    this.marks.scrollTop = this.field.scrollTop;
    this.marks.scrollLeft = this.field.scrollLeft;
  }

  // Words

  say(name) {
    return this.translated(this.detector.words.guard[name]);
  }

  translated(swedish) {
    return this.translations[swedish] ?? swedish;
  }
}

const SHAPE = [
  "direction", "font-family", "font-size", "font-style", "font-weight", "letter-spacing",
  "line-height", "padding-block-end", "padding-block-start", "padding-inline-end",
  "padding-inline-start", "tab-size", "text-align", "text-indent", "text-transform", "word-spacing",
];

function element(name, className, attributes = {}) {
  const made = document.createElement(name);
  made.className = className;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function restore(target, name, value) {
  if (value === null) target.removeAttribute(name);
  else target.setAttribute(name, value);
}

function jsonOf(id) {
  const source = id && document.getElementById(id);
  return source ? JSON.parse(source.textContent) : {};
}

guardAll();
document.addEventListener("htmx:load", (event) => guardAll(event.target));
