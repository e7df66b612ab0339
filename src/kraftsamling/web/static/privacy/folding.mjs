// Reads odd Unicode as plain Swedish text while remembering where every character came from.
// Twin of kraftsamling/privacy/folding.py.

// Stands for every character outside the basic plane, so that an index into the folded text means
// the same here, where strings count 16-bit units, and in Python, which counts code points.
const UNKNOWN = "\ufffd";

/** Fold `text`; `starts` and `ends` map each folded character to code points of the original. */
export function fold(text, table) {
  const folded = [];
  const starts = [];
  const ends = [];
  let index = -1;
  for (const original of text) {
    index += 1;
    let character = original;
    if (original > "~") {
      if (table.marks.has(original)) {
        if (folded.length) {
          const last = folded.length - 1;
          folded[last] = table.compose.get(folded[last] + original) ?? folded[last];
          ends[last] = index + 1;
        }
        continue;
      }
      character = table.replace.get(original) ?? original;
      if (!character) continue;
      if (character.length > 1) character = UNKNOWN;
    } else if (original < " ") {
      character = table.replace.get(original) ?? original;
    }
    folded.push(character);
    starts.push(index);
    ends.push(index + 1);
  }
  const plain = folded.join("");
  return { text: plain, lower: lowered(plain), starts, ends };
}

function lowered(text) {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (c) => (c.toLowerCase().length > 1 ? c : c.toLowerCase())).join("");
}

/** Spell out the declared ranges, one entry a character. */
export function tableFrom(declared) {
  const replace = new Map();
  const set = (ranges, becomes) => characters(ranges).forEach((c) => replace.set(c, becomes));
  set(declared.drop, "");
  set(declared.space, " ");
  set(declared.newline, "\n");
  set(declared.hyphen, "-");
  set(declared.apostrophe, "'");
  for (const zero of declared.zeros) {
    for (let digit = 0; digit < 10; digit += 1) {
      replace.set(String.fromCodePoint(parseInt(zero, 16) + digit), String(digit));
    }
  }
  const { from, to, becomes } = declared.fullwidth;
  const shift = parseInt(becomes, 16) - parseInt(from, 16);
  for (let code = parseInt(from, 16); code <= parseInt(to, 16); code += 1) {
    replace.set(String.fromCodePoint(code), String.fromCodePoint(code + shift));
  }
  const compose = new Map();
  for (const [mark, pairs] of Object.entries(declared.compose)) {
    for (const [letter, composed] of pairs.split(" ")) {
      compose.set(letter + String.fromCodePoint(parseInt(mark, 16)), composed);
    }
  }
  return { replace, compose, marks: new Set(characters([declared.marks])) };
}

function characters(ranges) {
  return ranges.flatMap((range) => {
    const [first, last = first] = range.split("-").map((code) => parseInt(code, 16));
    return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i));
  });
}
