// Judges a single word: is it a first name, is it a surname, and how sure is that?
// Twin of kraftsamling/privacy/name_words.py.

const COMMON_GIVEN = 1;
const RARE_GIVEN = 2;
const SURNAME = 4;

export const NO = 0;
export const WEAK = 1; // a rare name, or one that is a word or a place as well
export const STRONG = 2;

export class NameWords {
  constructor(rules, known) {
    Object.assign(this, { rules, known });
  }

  // Anna-Karin counts when both halves do.
  given(token) {
    if (this.isNever(token)) return NO;
    const base = this.base(token);
    if (this.known.has(token.lower) || !token.lower.includes("-")) return this.givenWord(base);
    return base.split("-").every((half) => this.givenWord(half)) ? STRONG : NO;
  }

  // Of two with a hyphen the last one counts.
  surname(token) {
    let word = this.base(token);
    if (word.includes("-") && !this.known.has(word)) word = word.slice(word.lastIndexOf("-") + 1);
    if ((this.known.get(word) ?? 0) & SURNAME) return this.is("ambiguous", word) ? WEAK : STRONG;
    const endsLikeOne = this.rules.surnameEndings.some((ending) => word.endsWith(ending));
    return word.length > 5 && endsLikeOne ? STRONG : NO;
  }

  // Andersson and her like are nothing but surnames.
  isSon(token) {
    return this.base(token).endsWith("sson");
  }

  isNever(token) {
    return this.is("never", token.lower);
  }

  countsInLowerCase(token) {
    const longEnough = token.text.length > 2 && this.known.has(token.lower);
    return longEnough && !this.is("lower_case_words", token.lower);
  }

  givenWord(word) {
    if (this.is("never", word)) return NO;
    const flags = this.known.get(word) ?? 0;
    if (flags & COMMON_GIVEN) return this.is("ambiguous", word) ? WEAK : STRONG;
    return flags & RARE_GIVEN ? WEAK : NO;
  }

  // The word without a genitive s: Ahmeds is Ahmed, but Jonas is Jonas.
  base(token) {
    const word = token.lower;
    if (this.known.has(word) || !word.endsWith("s") || word.endsWith("ss")) return word;
    return word.slice(0, -1).replace(/'$/, "");
  }

  is(name, word) {
    return this.rules.lists[name].has(word);
  }
}
