// Finds numbers and addresses that point at one person. Twin of kraftsamling/privacy/identifiers.py.

import { CHECKS } from "./checks.mjs";

const BEFORE = 40; // characters that the bars and cues see before a match ...
const AFTER = 25; // ... and after it

export function* identifierClaims(folded, book) {
  const taken = new Uint8Array(folded.text.length);
  for (const rule of book.identifiers) {
    const { needs } = rule;
    if (needs === null || needs.test(folded.lower)) {
      yield* claimsOf(rule, folded, book.tables, taken);
    }
  }
}

// What one rule claims of the characters that are not taken; those it gets are marked.
function* claimsOf(rule, folded, tables, taken) {
  const text = rule.inLower ? folded.lower : folded.text;
  let position = 0;
  for (;;) {
    rule.pattern.lastIndex = position;
    const match = rule.pattern.exec(text);
    if (!match) return;
    const end = match.index + match[0].length;
    // A group stands last and is what is claimed; what comes before it is its cue.
    const start = end - match.at(-1).length;
    const overlap = taken.subarray(start, end).indexOf(1);
    if (overlap >= 0) {
      // To weigh a match costs more than to find it: go on behind what is claimed already.
      const free = taken.indexOf(0, start + overlap);
      if (free < 0) return;
      position = Math.max(free, match.index + 1);
      continue;
    }
    const verdict = verdictOn(rule, start, end, folded, tables);
    if (verdict) {
      taken.fill(1, start, end);
      yield { ...verdict, start, end };
    }
    // After a refusal the right match may begin one character later: no look-behind is needed.
    position = verdict ? end : match.index + 1;
  }
}

function verdictOn(rule, start, end, folded, tables) {
  const word = CHECKS[rule.check](folded.text.slice(start, end), tables);
  const plain = rule.verdicts[word];
  const cued = rule.verdicts[`${word} with cue`] ?? plain;
  if (!cued) return undefined;
  const before = folded.lower.slice(Math.max(0, start - BEFORE), start);
  const after = folded.lower.slice(end, end + AFTER);
  if (occurs(rule.barredBy, before) || occurs(rule.barredAfter, after)) return undefined;
  if (occurs(rule.cueBefore, before) || occurs(rule.cue, before) || occurs(rule.cue, after)) return cued;
  if (occurs(rule.barredWithoutCue, before)) return rule.verdicts[`${word} barred`];
  return plain;
}

function occurs(pattern, text) {
  return pattern !== null && pattern.test(text);
}
