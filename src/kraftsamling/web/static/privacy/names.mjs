// Finds names of persons among the words of a text. Twin of kraftsamling/privacy/names.py, where the
// reasoning is told.

const COMMON_GIVEN = 1;
const RARE_GIVEN = 2;
const SURNAME = 4;

const NO = 0;
const WEAK = 1;
const STRONG = 2;
const MOST_PARTS = 5;
const APART = new Set([" ", ". ", "-"]);

export function nameClaims(tokens, rules, known, phrases) {
  const covered = coveredBy(tokens, rules, phrases);
  const hasCapitals = tokens.some((token) => token.capital && !token.opening);
  return new Finder(tokens, rules, known, covered, hasCapitals).claims();
}

class Finder {
  constructor(tokens, rules, known, covered, hasCapitals) {
    Object.assign(this, { tokens, rules, known, covered, hasCapitals });
  }

  *claims() {
    let index = 0;
    while (index < this.tokens.length) {
      const [claim, next] = this.claimAt(index);
      if (claim) yield claim;
      index = next;
    }
  }

  claimAt(index) {
    if (this.covered[index]) return [null, index + 1];
    const [last, full] = this.fullName(index);
    if (full) return [this.claim(full, "full_name", index, last), last + 1];
    const given = this.loneGiven(index);
    if (given) return [this.claim(given, "first_name", index, index), index + 1];
    const surname = this.loneSurname(index);
    if (surname) return [this.claim(surname, "last_name", index, index), index + 1];
    return [null, index + 1];
  }

  claim(strength, kind, first, last) {
    const confidence = this.rules.confidence[strength === STRONG ? kind : `${kind}_weak`];
    const { start } = this.tokens[first];
    return { kind, start, end: this.tokens[last].end, level: "warn", confidence };
  }

  // Full names

  fullName(first) {
    const token = this.tokens[first];
    if (!token.capital) return this.lowerCaseName(first);
    const given = this.given(token);
    const initial = token.text.length === 1;
    if (given === NO && (initial || !token.opening) && this.isNever(token)) return [first, NO];
    const [last, best] = this.restOfName(first);
    if (last === first) return this.reversedName(first, this.surname(token));
    if (given === STRONG || (given === WEAK && (best > NO || !token.opening))) {
      return [last, best && (given === STRONG || best === STRONG) ? STRONG : WEAK];
    }
    const mayBeUnknownGiven = initial || (!token.opening && !this.isNever(token));
    return best === STRONG && mayBeUnknownGiven ? [last, WEAK] : [first, NO];
  }

  restOfName(first) {
    let last = first;
    let best = NO;
    for (let index = first + 1; index < this.tokens.length && index - first < MOST_PARTS; index += 1) {
      const token = this.tokens[index];
      const afterWord = token.gap === ". " && this.tokens[index - 1].text.length > 1;
      if (!APART.has(token.gap) || afterWord) break;
      if (this.rules.lists.particles.has(token.lower)) continue;
      if (!this.continuesName(index)) break;
      last = index;
      best = Math.max(best, this.surname(token), this.given(token));
    }
    return [last, best];
  }

  continuesName(index) {
    const token = this.tokens[index];
    if (!token.capital || this.covered[index]) return false;
    if (this.surname(token) || this.given(token)) return true;
    return !this.isNever(token) && !(token.shouted && token.text.length > 1);
  }

  reversedName(first, surname) {
    const after = first + 1;
    const token = this.tokens[after];
    if (surname === NO || !token || token.gap !== ", ") return [first, NO];
    const strength = token.capital && !this.covered[after] ? this.given(token) : NO;
    const isList = this.tokens[after + 1]?.gap === ", ";
    const isReversed = surname === STRONG && strength === STRONG && !isList;
    return isReversed && !this.given(this.tokens[first]) ? [after, STRONG] : [first, NO];
  }

  lowerCaseName(first) {
    const after = first + 1;
    const token = this.tokens[after];
    if (!token || this.given(this.tokens[first]) !== STRONG) return [first, NO];
    const sure = token.gap === " " && !this.covered[after] && this.surname(token) === STRONG;
    return sure && !this.isNever(token) ? [after, WEAK] : [first, NO];
  }

  // Single names

  loneGiven(index) {
    const token = this.tokens[index];
    const strength = this.given(token);
    if (strength === NO) {
      const named = this.precededBy(index, "naming") && token.capital;
      return named && !this.isNever(token) ? WEAK : NO;
    }
    if (!token.capital) return this.lowerCaseGiven(index, strength);
    if (strength === STRONG || this.precededBy(index, "roles", "naming")) return strength;
    const isPlace = this.rules.lists.places.has(token.lower);
    if (isPlace && this.precededBy(index, "place_prepositions")) return NO;
    if (token.opening || token.shouted) return this.followedBy(index, "person_verbs") ? WEAK : NO;
    return WEAK;
  }

  lowerCaseGiven(index, strength) {
    const token = this.tokens[index];
    if (strength !== STRONG || token.text.length < 3 || !this.known.has(token.lower)) return NO;
    if (this.rules.lists.lower_case_words.has(token.lower)) return NO;
    const expected = this.precededBy(index, "roles", "naming") || !this.hasCapitals;
    return expected || this.followedBy(index, "person_verbs") ? WEAK : NO;
  }

  loneSurname(index) {
    const token = this.tokens[index];
    const strength = token.capital ? this.surname(token) : NO;
    if (strength === NO || this.isNever(token)) return NO;
    if (this.precededBy(index, "roles", "naming")) return strength;
    if (strength === WEAK) return NO;
    if (this.base(token).endsWith("sson") && !token.shouted) return STRONG;
    return token.opening || token.shouted ? NO : WEAK;
  }

  precededBy(index, ...lists) {
    if (index === 0 || ![" ", ": "].includes(this.tokens[index].gap)) return false;
    const before = this.tokens[index - 1].lower;
    return lists.some((name) => this.rules.lists[name].has(before));
  }

  followedBy(index, name) {
    const after = this.tokens[index + 1];
    return after?.gap === " " && this.rules.lists[name].has(after.lower);
  }

  // Single words

  given(token) {
    const base = this.base(token);
    if (this.known.has(token.lower) || !token.lower.includes("-")) return this.givenWord(base);
    return base.split("-").every((half) => this.givenWord(half)) ? STRONG : NO;
  }

  givenWord(word) {
    const flags = this.known.get(word) ?? 0;
    if (this.rules.lists.never.has(word)) return NO;
    if (flags & COMMON_GIVEN) return this.rules.lists.ambiguous.has(word) ? WEAK : STRONG;
    return flags & RARE_GIVEN ? WEAK : NO;
  }

  surname(token) {
    let word = this.base(token);
    if (word.includes("-") && !this.known.has(word)) word = word.slice(word.lastIndexOf("-") + 1);
    if ((this.known.get(word) ?? 0) & SURNAME) {
      return this.rules.lists.ambiguous.has(word) ? WEAK : STRONG;
    }
    const endsLikeOne = this.rules.surnameEndings.some((ending) => word.endsWith(ending));
    return word.length > 5 && endsLikeOne ? STRONG : NO;
  }

  // The word without a genitive s: Ahmeds is Ahmed, but Jonas is Jonas.
  base(token) {
    const word = token.lower;
    if (this.known.has(word) || !word.endsWith("s") || word.endsWith("ss")) return word;
    return word.slice(0, -1).replace(/'$/, "");
  }

  isNever(token) {
    return this.rules.lists.never.has(token.lower);
  }
}

// Which words belong to a place, an organisation or a thing.
function coveredBy(tokens, rules, phrases) {
  const covered = new Array(tokens.length).fill(false);
  for (const [index, token] of tokens.entries()) {
    const known = phrases.get(token.lower) ?? phrases.get(token.lower.replace(/s$/, "")) ?? [];
    for (const phrase of known) {
      if (standsAt(tokens, index, phrase)) covered.fill(true, index, index + phrase.length);
    }
    if (rules.lists.thing_nouns.has(token.lower) || isSaint(tokens, index)) {
      covered.fill(true, index + 1, chainEnd(tokens, index + 1));
    }
    if (token.capital && (index === 0 || !isChained(tokens, index))) {
      const end = chainEnd(tokens, index);
      if (namesAPlace(tokens, index, end, rules)) covered.fill(true, index, end);
    }
  }
  return covered;
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
  return tokens[index].gap === " " && tokens[index - 1].capital;
}

function chainEnd(tokens, index) {
  let end = index;
  const limit = Math.min(tokens.length, index + MOST_PARTS);
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
