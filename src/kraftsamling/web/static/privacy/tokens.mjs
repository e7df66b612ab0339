// Cuts a folded text into words. Twin of kraftsamling/privacy/tokens.py.

const LETTER = "A-Za-zÀ-ÖØ-öø-ɏ";
const WORD = new RegExp(`[${LETTER}]+(?:['-][${LETTER}]+)*`, "g");
const WORD_CHARACTER = new RegExp(`[0-9${LETTER}]`);
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
      capital: text[0] !== folded.lower[start],
      shouted: text.length > 1 && text[1] !== folded.lower[start + 1],
      opening: !tokens.length || SENTENCE_BREAK.test(gap),
      gap,
    });
    previousEnd = end;
  }
  return tokens;
}

/** Whether no letter or digit stands before this character. */
export function beginsWord(text, index) {
  return index === 0 || !WORD_CHARACTER.test(text[index - 1]);
}
