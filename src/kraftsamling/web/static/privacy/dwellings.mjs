// Finds dwellings: a street or an entrance with a floor, a flat's number, where somebody lives.
// Twin of kraftsamling/privacy/dwellings.py.

import { beginsWord } from "./tokens.mjs";

export function* dwellingClaims(folded, tokens, rules) {
  for (const chain of chains(folded, partsOf(folded, tokens, rules), rules)) {
    const names = new Set(chain.map((part) => part.name));
    if (rules.combinations.some((combination) => combination.every((name) => names.has(name)))) {
      const { start } = chain[0];
      let { end } = chain.at(-1);
      // A bracket that opens inside closes inside too: Tallgatan 9 (lgh 1204).
      if (folded.text.slice(start, end).includes("(") && folded.text[end] === ")") end += 1;
      yield { kind: "dwelling", start, end, level: "warn", confidence: rules.confidence };
    }
  }
}

function partsOf(folded, tokens, rules) {
  const found = [...streets(folded, tokens, rules)];
  for (const [name, pattern] of rules.parts) {
    for (const match of folded.lower.matchAll(pattern)) {
      if (beginsWord(folded.lower, match.index)) {
        found.push({ name, start: match.index, end: match.index + match[0].length });
      }
    }
  }
  found.sort((one, other) => one.start - other.start || other.end - one.end);
  const apart = [];
  for (const part of found) {
    if (!apart.length || part.start >= apart.at(-1).end) apart.push(part);
  }
  return apart;
}

function* streets(folded, tokens, rules) {
  for (const [index, token] of tokens.entries()) {
    if (!rules.streetEndings.some((ending) => token.lower.endsWith(ending))) continue;
    const start = streetStart(tokens, index, rules);
    const isNamed = start < token.start || !rules.streetEndings.includes(token.lower);
    rules.streetNumber.lastIndex = token.end;
    const number = rules.streetNumber.exec(folded.lower);
    if (isNamed && number) yield { name: "street", start, end: token.end + number[0].length };
  }
}

// Södra Promenaden and Wilhelm Wibergs gata begin up to two words earlier.
function streetStart(tokens, index, rules) {
  let first = index;
  while (first > Math.max(0, index - 2) && tokens[first].gap === " ") {
    const lead = tokens[first - 1];
    if (!lead.capital && !rules.streetLeads.has(lead.lower)) break;
    first -= 1;
  }
  return tokens[first].start;
}

function* chains(folded, parts, rules) {
  let chain = [];
  for (const part of parts) {
    if (chain.length && !joins(folded.lower.slice(chain.at(-1).end, part.start), rules)) {
      yield chain;
      chain = [];
    }
    chain.push(part);
  }
  if (chain.length) yield chain;
}

function joins(between, rules) {
  const word = between.replace(/^[ ,./(-]+|[ ,./(-]+$/g, "");
  return between.length <= rules.mostBetween && rules.joints.has(word);
}
