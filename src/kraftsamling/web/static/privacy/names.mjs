// Finds names of persons among the words of a text. Twin of kraftsamling/privacy/names.py, where the
// reasoning is told.

import { coveredWords } from "./coverage.mjs";
import { NO, NameWords, STRONG, WEAK } from "./name_words.mjs";

const MOST_PARTS = 5; // of one person's name
const APART = new Set([" ", ". ", "-"]); // what stands between the parts of a name

export function nameClaims(tokens, rules, known, phrases) {
  return new Finder(tokens, rules, known, phrases).claims();
}

// One text's words. Every question about a word gets NO, WEAK or STRONG as its answer.
class Finder {
  constructor(tokens, rules, known, phrases) {
    this.tokens = tokens;
    this.rules = rules;
    this.words = new NameWords(rules, known);
    this.covered = coveredWords(tokens, rules, phrases);
    this.hasCapitals = tokens.some((token) => token.capital && !token.opening);
  }

  *claims() {
    let index = 0;
    while (index < this.tokens.length) {
      const [claim, last] = this.claimAt(index);
      if (claim) yield claim;
      index = last + 1;
    }
  }

  claimAt(index) {
    if (this.covered[index]) return [null, index];
    const [last, full] = this.fullName(index);
    if (full) return [this.claim("full_name", full, index, last), last];
    const given = this.loneGiven(index);
    if (given) return [this.claim("first_name", given, index, index), index];
    const surname = this.loneSurname(index);
    if (surname) return [this.claim("last_name", surname, index, index), index];
    return [null, index];
  }

  claim(kind, strength, first, last) {
    const confidence = this.rules.confidence[strength === STRONG ? kind : `${kind}_weak`];
    const { start } = this.tokens[first];
    return { kind, start, end: this.tokens[last].end, level: "warn", confidence };
  }

  // Full names: each answer comes with the last word of the name.

  fullName(first) {
    const token = this.tokens[first];
    if (!token.capital) return this.lowerCaseName(first);
    const [last, rest] = this.restOfName(first);
    if (last === first) return this.reversedName(first);
    return [last, this.beginsName(token, rest)];
  }

  beginsName(token, rest) {
    const given = this.words.given(token);
    if (given === STRONG) return rest ? STRONG : WEAK;
    if (given === WEAK) {
      if (rest === STRONG) return STRONG;
      return rest || !token.opening ? WEAK : NO;
    }
    // Before a sure surname: an initial, or a first name that the lexicon does not have.
    const isInitial = token.text.length === 1;
    const mayBeName = (isInitial || !token.opening) && !this.words.isNever(token);
    return rest === STRONG && mayBeName ? WEAK : NO;
  }

  restOfName(first) {
    let last = first;
    let best = NO;
    const limit = Math.min(first + MOST_PARTS, this.tokens.length);
    for (let index = first + 1; index < limit; index += 1) {
      const token = this.tokens[index];
      const endsSentence = token.gap === ". " && this.tokens[index - 1].text.length > 1;
      if (!APART.has(token.gap) || endsSentence) break;
      if (this.rules.lists.particles.has(token.lower)) continue;
      if (!this.continuesName(index)) break;
      last = index;
      best = Math.max(best, this.words.surname(token), this.words.given(token));
    }
    return [last, best];
  }

  continuesName(index) {
    const token = this.tokens[index];
    if (!token.capital || this.covered[index]) return false;
    if (this.words.surname(token) || this.words.given(token)) return true;
    return !this.words.isNever(token) && !token.shouted;
  }

  // Andersson, Anna; but not a list of names.
  reversedName(first) {
    const after = first + 1;
    if (!this.hasGap(after, ", ") || this.hasGap(after + 1, ", ")) return [first, NO];
    const [surname, given] = [this.tokens[first], this.tokens[after]];
    const isSurname = this.words.surname(surname) === STRONG && !this.words.given(surname);
    const isGiven = given.capital && !this.covered[after] && this.words.given(given) === STRONG;
    return isSurname && isGiven ? [after, STRONG] : [first, NO];
  }

  // anna andersson: both words must be beyond doubt.
  lowerCaseName(first) {
    const after = first + 1;
    if (!this.hasGap(after, " ") || this.covered[after]) return [first, NO];
    const [given, surname] = [this.tokens[first], this.tokens[after]];
    const sure = this.words.given(given) === STRONG && this.words.surname(surname) === STRONG;
    return sure && !this.words.isNever(surname) ? [after, WEAK] : [first, NO];
  }

  // Single names

  loneGiven(index) {
    const token = this.tokens[index];
    const strength = this.words.given(token);
    if (strength === NO) return this.unknownGiven(index);
    if (!token.capital) return this.lowerCaseGiven(index, strength);
    if (strength === STRONG || this.isAfter(index, "roles", "naming")) return strength;
    const isPlace = this.rules.lists.places.has(token.lower);
    if (isPlace && this.isAfter(index, "place_prepositions")) return NO;
    // Here the capital says nothing, so that only a person's verb makes a person of the word.
    if (token.opening || token.shouted) return this.isBefore(index, "person_verbs") ? WEAK : NO;
    return WEAK;
  }

  // Kallas Bobban: what follows is a name, whatever the lexicon says.
  unknownGiven(index) {
    const token = this.tokens[index];
    const isNamed = token.capital && this.isAfter(index, "naming");
    return isNamed && !this.words.isNever(token) ? WEAK : NO;
  }

  // In lower case only a sure name counts, and only where a name is expected.
  lowerCaseGiven(index, strength) {
    if (strength !== STRONG || !this.words.countsInLowerCase(this.tokens[index])) return NO;
    const expected =
      !this.hasCapitals ||
      this.isAfter(index, "roles", "naming") ||
      this.isBefore(index, "person_verbs");
    return expected ? WEAK : NO;
  }

  loneSurname(index) {
    const token = this.tokens[index];
    const strength = this.words.surname(token);
    if (strength === NO || !token.capital || this.words.isNever(token)) return NO;
    if (this.isAfter(index, "roles", "naming")) return strength;
    if (strength === WEAK || token.shouted) return NO;
    if (this.words.isSon(token)) return STRONG;
    if (token.opening) return this.isBefore(index, "surname_verbs") ? WEAK : NO;
    return WEAK;
  }

  // The words beside

  isAfter(index, ...lists) {
    if (index === 0 || ![" ", ": "].includes(this.tokens[index].gap)) return false;
    const before = this.tokens[index - 1].lower;
    return lists.some((name) => this.rules.lists[name].has(before));
  }

  isBefore(index, name) {
    const after = index + 1;
    return this.hasGap(after, " ") && this.rules.lists[name].has(this.tokens[after].lower);
  }

  // Whether there is such a word and this stands before it.
  hasGap(index, gap) {
    return index < this.tokens.length && this.tokens[index].gap === gap;
  }
}
