// Finds numbers and addresses that point at one person. Twin of kraftsamling/privacy/identifiers.py.

import { CHECKS } from "./checks.mjs";

const BEFORE = 40; // characters that the bars and cues see before a match ...
const AFTER = 25; // ... and that a cue sees after it

export function* identifierClaims(folded, book) {
  for (const rule of book.identifiers) {
    if (folded.text.includes(rule.needs)) yield* claimsOf(rule, folded, book.tables);
  }
}

function* claimsOf(rule, folded, tables) {
  let position = 0;
  for (;;) {
    rule.pattern.lastIndex = position;
    const match = rule.pattern.exec(folded.text);
    if (!match) return;
    const start = match.index;
    const end = start + match[0].length;
    const verdict = verdictOn(rule, match[0], start, end, folded, tables);
    if (verdict) yield { ...verdict, start, end };
    // After a refusal the right match may begin one character later: no look-behind is needed.
    position = verdict ? end : start + 1;
  }
}

function verdictOn(rule, text, start, end, folded, tables) {
  const before = folded.lower.slice(Math.max(0, start - BEFORE), start);
  const after = folded.lower.slice(end, end + AFTER);
  const hasCue = occurs(rule.cue, before) || occurs(rule.cue, after) || occurs(rule.cueBefore, before);
  if (occurs(rule.barredBy, before)) return undefined;
  if (!hasCue && occurs(rule.barredWithoutCue, before)) return undefined;
  const word = CHECKS[rule.check](text, tables);
  const plain = rule.verdicts[word];
  return hasCue ? rule.verdicts[`${word} with cue`] ?? plain : plain;
}

function occurs(pattern, text) {
  return pattern !== null && pattern.test(text);
}
