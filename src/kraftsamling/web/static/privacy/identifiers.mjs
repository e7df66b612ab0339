// Finds numbers and addresses that point at one person. Twin of kraftsamling/privacy/identifiers.py.

import { CHECKS } from "./checks.mjs";

const BEFORE = 40; // characters that the bars and cues see before a match ...
const AFTER = 25; // ... and after it

export function* identifierClaims(folded, book) {
  for (const rule of book.identifiers) {
    if (folded.text.includes(rule.needs)) yield* claimsOf(rule, folded, book.tables);
  }
}

function* claimsOf(rule, folded, tables) {
  const text = rule.inLower ? folded.lower : folded.text;
  let position = 0;
  for (;;) {
    rule.pattern.lastIndex = position;
    const match = rule.pattern.exec(text);
    if (!match) return;
    const end = match.index + match[0].length;
    // A group stands last and is what is claimed; what comes before it is its cue.
    const start = end - match.at(-1).length;
    const verdict = verdictOn(rule, start, end, folded, tables);
    if (verdict) yield { ...verdict, start, end };
    // After a refusal the right match may begin one character later: no look-behind is needed.
    position = verdict ? end : match.index + 1;
  }
}

function verdictOn(rule, start, end, folded, tables) {
  const before = folded.lower.slice(Math.max(0, start - BEFORE), start);
  const after = folded.lower.slice(end, end + AFTER);
  const hasCue = occurs(rule.cue, before) || occurs(rule.cue, after) || occurs(rule.cueBefore, before);
  if (occurs(rule.barredBy, before) || occurs(rule.barredAfter, after)) return undefined;
  const word = CHECKS[rule.check](folded.text.slice(start, end), tables);
  if (!hasCue && occurs(rule.barredWithoutCue, before)) return rule.verdicts[`${word} barred`];
  const plain = rule.verdicts[word];
  return hasCue ? rule.verdicts[`${word} with cue`] ?? plain : plain;
}

function occurs(pattern, text) {
  return pattern !== null && pattern.test(text);
}
