// Covers the words that belong to places, organisations and things, so that they are no persons.
// Twin of kraftsamling/privacy/coverage.py.

const LONGEST_CHAIN = 5; // capitalised words in one name of a place

/** For each word whether it belongs to a place, an organisation or a thing. */
export function coveredWords(tokens, rules, phrases) {
  const covered = new Array(tokens.length).fill(false);
  for (let index = 0; index < tokens.length; index += 1) {
    for (const [start, end] of spansAt(tokens, index, rules, phrases)) covered.fill(true, start, end);
  }
  return covered;
}

// What is covered because of this word: a known name, a thing's name, a chain of capitals.
function* spansAt(tokens, index, rules, phrases) {
  const token = tokens[index];
  const known = phrases.get(token.lower) ?? phrases.get(token.lower.replace(/s$/, "")) ?? [];
  for (const phrase of known) {
    if (standsAt(tokens, index, phrase)) yield [index, index + phrase.length];
  }
  if (rules.lists.thing_nouns.has(token.lower) || isSaint(tokens, index)) {
    yield [index + 1, chainEnd(tokens, index + 1)];
  }
  if (token.capital && !isChained(tokens, index)) {
    const end = chainEnd(tokens, index);
    if (namesAPlace(tokens, index, end, rules)) yield [index, end];
  }
}

function standsAt(tokens, index, phrase) {
  const last = phrase.length - 1;
  return phrase.every((word, offset) => {
    const lower = tokens[index + offset]?.lower;
    return lower === word || (offset === last && lower === `${word}s`);
  });
}

// S:t Olofs kyrka, S:ta Maria.
function isSaint(tokens, index) {
  const token = tokens[index];
  if (token.gap !== ":" || index === 0) return false;
  return ["t", "ta"].includes(token.lower) && tokens[index - 1].lower === "s";
}

function isChained(tokens, index) {
  return index > 0 && tokens[index].gap === " " && tokens[index - 1].capital;
}

function chainEnd(tokens, index) {
  let end = index;
  const limit = Math.min(tokens.length, index + LONGEST_CHAIN);
  while (end < limit && tokens[end].capital && (end === index || tokens[end].gap === " ")) end += 1;
  return end;
}

// A chain in the genitive before a place noun, or one that ends as a place or organisation.
function namesAPlace(tokens, first, end, rules) {
  const { organisation_endings: organisations, place_nouns: nouns } = rules.lists;
  const last = tokens[end - 1].lower;
  const several = end - first > 1;
  if (several && (nouns.has(last) || organisations.has(last))) return true;
  if (several && rules.placeEndings.some((ending) => last.endsWith(ending))) return true;
  if (end >= tokens.length || tokens[end].gap !== " " || !last.endsWith("s")) return false;
  const noun = tokens[end].lower;
  return nouns.has(noun) || (several && rules.lists.place_nouns_after_two.has(noun));
}
