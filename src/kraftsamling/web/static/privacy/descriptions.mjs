// Finds descriptions of persons (signalement) by counting words of age, clothes, looks and origin.
// Twin of kraftsamling/privacy/descriptions.py.

import { beginsWord } from "./tokens.mjs";

const WORN = new Set(["clothing", "looks"]);

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
  const found = tokens.map((_, index) => wordCue(tokens, index, rules)).filter(Boolean);
  for (const [category, pattern] of rules.patterns) {
    const weight = category === "person" ? 0 : 1;
    for (const match of folded.lower.matchAll(pattern)) {
      if (beginsWord(folded.lower, match.index)) {
        found.push({ category, weight, start: match.index, end: match.index + match[0].length });
      }
    }
  }
  return found.sort((one, other) => one.start - other.start || one.end - other.end);
}

// What one word says, together with the colour and the linking word before it.
function wordCue(tokens, index, rules) {
  const token = tokens[index];
  const category = categoryOf(token.lower, rules);
  const needsColour = rules.colouredClothing.has(token.lower);
  if (!category && !needsColour) return undefined;
  if (!WORN.has(category) && !needsColour) {
    return { category, weight: category === "person" ? 0 : 1, start: token.start, end: token.end };
  }
  const isColoured = index > 0 && token.gap === " " && isColour(tokens[index - 1].lower, rules);
  if (needsColour && !isColoured) return undefined;
  const first = index - Number(isColoured);
  const lead = first > 0 && tokens[first].gap === " " ? tokens[first - 1].lower : "";
  if (rules.without.has(lead)) return undefined;
  const weight = isColoured || rules.links.has(lead) ? 2 : 1;
  return { category: category || "clothing", weight, start: tokens[first].start, end: token.end };
}

function categoryOf(word, rules) {
  const ends = (ending) => word.endsWith(ending);
  if (rules.words.has(word)) return rules.words.get(word);
  if (rules.clothingEndings.some(ends)) return "clothing";
  return rules.looksEndings.some(ends) ? "looks" : "";
}

function isColour(word, rules) {
  return rules.colours.has(word) || rules.colourEndings.some((ending) => word.endsWith(ending));
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
  const weight = run.reduce((sum, cue) => sum + cue.weight, 0);
  if (!categories.has("person")) return weight >= rules.weightWithoutPerson && categories.size > 1;
  return weight >= rules.weightWithPerson || categories.has("origin");
}
