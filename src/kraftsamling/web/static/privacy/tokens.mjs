// Cuts a folded text into words. Twin of kraftsamling/privacy/tokens.py.

const LETTER = "A-Za-zÀ-ÖØ-öø-ɏ";
const WORD = new RegExp(`[${LETTER}]+(?:['-][${LETTER}]+)*`, "g");
const WORD_CHARACTER = new RegExp(`[0-9${LETTER}]`);
const PARTICLE = new RegExp(`^[${LETTER}]{1,3}['-]`);
const SENTENCE_BREAK = /[.!?:;\n"•*]/;

export function tokensOf(folded) {
  const tokens = [];
  let previousEnd = 0;
  for (const match of folded.text.matchAll(WORD)) {
    const text = match[0];
    const start = match.index;
    const end = start + text.length;
    const gap = folded.text.slice(previousEnd, start);
    tokens.push({
      start,
      end,
      text,
      lower: folded.lower.slice(start, end),
      capital: hasCapital(text, folded.lower.slice(start, end)),
      shouted: text.length > 1 && text[1] !== folded.lower[start + 1],
      opening: !tokens.length || SENTENCE_BREAK.test(gap),
      gap,
    });
    previousEnd = end;
  }
  return tokens;
}

// Whether the word begins with a capital, perhaps after a particle: al-Khafaji, d'Angelo.
function hasCapital(text, lower) {
  if (text[0] !== lower[0]) return true;
  const particle = PARTICLE.exec(text)?.[0].length;
  return particle !== undefined && text[particle] !== lower[particle];
}

/** Whether no letter or digit stands before this character. */
export function beginsWord(text, index) {
  return index === 0 || !WORD_CHARACTER.test(text[index - 1]);
}
