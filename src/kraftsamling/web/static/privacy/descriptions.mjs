// Finds descriptions of persons (signalement) by counting words of age, clothes, looks and origin.
// Twin of kraftsamling/privacy/descriptions.py.

import { beginsWord } from "./tokens.mjs";

export function* descriptionClaims(folded, tokens, rules) {
  for (const run of runs(cuesOf(folded, tokens, rules), rules.longestGap)) {
    if (describes(run, rules)) {
      yield {
        kind: "description",
        start: run[0].start,
        end: Math.max(...run.map((cue) => cue.end)),
        level: "hint",
        confidence: rules.confidence,
      };
    }
  }
}

function cuesOf(folded, tokens, rules) {
  const found = [];
  for (const token of tokens) {
    const category = categoryOf(token.lower, rules);
    if (category) found.push({ category, start: token.start, end: token.end });
  }
  for (const [category, pattern] of rules.patterns) {
    for (const match of folded.lower.matchAll(pattern)) {
      if (beginsWord(folded.lower, match.index)) {
        found.push({ category, start: match.index, end: match.index + match[0].length });
      }
    }
  }
  return found.sort((one, other) => one.start - other.start || one.end - other.end);
}

function categoryOf(word, rules) {
  const isClothing = rules.clothingEndings.some((ending) => word.endsWith(ending));
  return rules.words.get(word) ?? (isClothing ? "clothing" : "");
}

function* runs(cues, longestGap) {
  let run = [];
  for (const cue of cues) {
    if (run.length && cue.start - run.at(-1).end > longestGap) {
      yield run;
      run = [];
    }
    run.push(cue);
  }
  if (run.length) yield run;
}

function describes(run, rules) {
  const categories = new Set(run.map((cue) => cue.category));
  const cues = run.filter((cue) => cue.category !== "person").length;
  if (!categories.has("person")) return cues >= rules.cuesWithoutPerson && categories.size > 1;
  return cues >= rules.cuesWithPerson || categories.has("origin");
}
