// Covers the words that belong to places, organisations and things, so that they are no persons.
// Twin of kraftsamling/privacy/coverage.py.

const LONGEST_CHAIN = 5; // capitalised words in one name of a place
const SPELT = 3; // words of the spelling alphabet in a row

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
  if (isNamedThing(token, rules)) yield [chainStart(tokens, index), index + 1];
  if (isSpelling(tokens, index, rules)) yield [index, index + SPELT];
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

// Åberg-muralen: what follows the last hyphen is a common noun with its article.
function isNamedThing({ text }, rules) {
  const hyphen = text.lastIndexOf("-");
  const noun = text.slice(hyphen + 1);
  if (hyphen < 1 || noun.length < 4 || noun !== noun.toLowerCase()) return false;
  return rules.thingEndings.some((ending) => noun.endsWith(ending));
}

// The first of at most two words before this one that are written as it is, capital or not.
function chainStart(tokens, index) {
  let first = index;
  const written = (at) => tokens[at].capital === tokens[index].capital;
  while (first > Math.max(0, index - 2) && tokens[first].gap === " " && written(first - 1)) first -= 1;
  return first;
}

// Adam Bertil Cesar: letters of the spelling alphabet, not people.
function isSpelling(tokens, index, rules) {
  const words = tokens.slice(index, index + SPELT);
  if (words.length < SPELT) return false;
  return words.every(
    (word, at) => rules.lists.spelling.has(word.lower) && (at === 0 || word.gap === " "),
  );
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
