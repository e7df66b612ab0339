// Finds personal data in Swedish free text, in the browser and offline, with the same findings as
// kraftsamling/privacy/detector.py on the server: the tests hold the two together.
//
//   import { load } from "./detector.mjs";
//   const detector = await load();
//   const findings = detector.find("Ring 070-1740605", { names: ["Hageby"] });
//
// A finding is { kind, start, end, confidence, level, advice }; `start` and `end` count code points,
// as the server does. `utf16Span` turns them into what strings, ranges and text fields count here.

import { descriptionClaims } from "./descriptions.mjs";
import { dwellingClaims } from "./dwellings.mjs";
import { fold } from "./folding.mjs";
import { identifierClaims } from "./identifiers.mjs";
import { nameClaims } from "./names.mjs";
import { rulebookFrom } from "./rulebook.mjs";
import { tokensOf } from "./tokens.mjs";

/** Fetch rules and lexicon, which lie beside this module, and make a detector of them. */
export async function load(base = import.meta.url) {
  const [rules, names] = await Promise.all([
    fetched(new URL("rules.json", base)).then((response) => response.json()),
    fetched(new URL("names.txt", base)).then((response) => response.text()),
  ]);
  return new Detector(rules, names);
}

async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  return response;
}

export class Detector {
  /** From the parsed rules.json and the text of names.txt. */
  constructor(declared, namesText) {
    this.book = rulebookFrom(declared, namesText);
    this.words = this.book.words;
    this.context = this.known();
  }

  /** Prepare what the page knows; do it once for many texts. See Context in detector.py. */
  known({ names = [], allowed = [] } = {}) {
    const phrases = new Map();
    for (const name of names) {
      const phrase = tokensOf(fold(name, this.book.folding)).map((token) => token.lower);
      if (!phrase.length) continue;
      if (!phrases.has(phrase[0])) phrases.set(phrase[0], []);
      phrases.get(phrase[0]).push(phrase);
    }
    return { phrases, allowedKeys: new Set(allowed.map((identifier) => this.key(identifier))) };
  }

  /** Everything that looks like personal data, by place. `context` comes from `known`. */
  find(text, context = this.context) {
    const prepared = context.phrases ? context : this.known(context);
    const folded = fold(text, this.book.folding);
    const tokens = tokensOf(folded);
    const { book } = this;
    const claims = settled([
      ...this.notAllowed(identifierClaims(folded, book), folded, prepared),
      ...dwellingClaims(folded, tokens, book.dwellings),
      ...nameClaims(tokens, book.names, book.lexicon, prepared.phrases),
    ]);
    claims.push(...descriptionClaims(folded, tokens, book.descriptions));
    claims.sort((one, other) => one.start - other.start || one.end - other.end);
    return claims.map((claim) => this.finding(claim, folded));
  }

  finding({ kind, start, end, confidence, level }, folded) {
    return {
      kind,
      start: folded.starts[start],
      end: folded.ends[end - 1],
      confidence,
      level,
      advice: this.words.advice[kind][level],
    };
  }

  notAllowed(claims, folded, { allowedKeys }) {
    const all = [...claims];
    if (!allowedKeys.size) return all;
    return all.filter(({ start, end }) => !allowedKeys.has(this.key(folded.text.slice(start, end))));
  }

  // Two ways of writing one identifier have the same key.
  key(identifier) {
    return fold(identifier, this.book.folding).lower.replace(/[ \-/.()]/g, "");
  }
}

/** Whether the text must not be sent as it is. */
export function hasBlocking(findings) {
  return findings.some((finding) => finding.level === "block");
}

/** The finding's span in 16-bit units, for slice(), Range and text fields. */
export function utf16Span(text, { start, end }) {
  const points = Array.from(text);
  const from = points.slice(0, start).join("").length;
  return [from, from + points.slice(start, end).join("").length];
}

// The first claim on a character has it; the rest is sorted by place.
function settled(claims) {
  const taken = new Set();
  const kept = [];
  for (const claim of claims) {
    const characters = Array.from({ length: claim.end - claim.start }, (_, i) => claim.start + i);
    if (characters.some((character) => taken.has(character))) continue;
    characters.forEach((character) => taken.add(character));
    kept.push(claim);
  }
  return kept;
}
