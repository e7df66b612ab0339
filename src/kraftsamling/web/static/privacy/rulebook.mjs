// Makes the declared rules ready for use. Twin of kraftsamling/privacy/rulebook.py and of the
// lexicon's reader; rules.json and names.txt are generated from the same source as the server uses.

import { tableFrom } from "./folding.mjs";

const SHARED_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Everything the engine needs, from the parsed rules.json and the text of names.txt. */
export function rulebookFrom(declared, namesText) {
  return {
    folding: tableFrom(declared.folding),
    identifiers: declared.identifiers.rules.map(ruleFrom),
    tables: tablesFrom(declared.identifiers),
    dwellings: dwellingsFrom(declared.dwellings),
    descriptions: descriptionsFrom(declared.descriptions),
    names: namesFrom(declared.names),
    lexicon: lexiconFrom(namesText),
    words: declared.words,
  };
}

function ruleFrom(declared) {
  return {
    pattern: new RegExp(declared.pattern, "g"),
    inLower: declared.in === "lower",
    check: declared.check ?? "found",
    needs: optional(declared.needs),
    barredBy: optional(declared.barred_by),
    barredAfter: optional(declared.barred_after),
    barredWithoutCue: optional(declared.barred_without_cue),
    cue: optional(declared.cue),
    cueBefore: optional(declared.cue_before),
    verdicts: declared.verdicts,
  };
}

function optional(pattern) {
  return pattern ? new RegExp(pattern) : null;
}

function tablesFrom({ phones, plates }) {
  return {
    publicPrefixes: phones.public_prefixes,
    threeDigitAreas: new Set(phones.three_digit_areas),
    fourDigitAreas: wordSet(phones.four_digit_areas),
    notNumbers: phones.not_numbers.map((pattern) => new RegExp(`^(?:${pattern})$`)),
    plateWords: wordSet(plates.words),
    plateCodes: wordSet(plates.codes),
    plateRooms: wordSet(plates.rooms),
    models: wordSet(plates.models),
    modelNumbers: wordSet(plates.model_numbers),
  };
}

function dwellingsFrom(declared) {
  return {
    parts: patterns(declared.parts),
    streetEndings: declared.street_endings,
    streetLeads: new Set(declared.street_leads),
    streetNumber: new RegExp(declared.street_number, "y"),
    joints: new Set(declared.joints),
    mostBetween: declared.most_between,
    combinations: declared.combinations,
    confidence: declared.confidence,
  };
}

function descriptionsFrom(declared) {
  const categories = { persons: "person", clothing: "clothing", looks: "looks", origins: "origin" };
  const words = new Map();
  // The definite forms of what somebody wears: keps, kepsen.
  for (const category of ["clothing", "looks"]) {
    for (const word of wordSet(declared[category])) {
      declared.definite_endings.forEach((ending) => words.set(word + ending, category));
    }
  }
  for (const [key, category] of Object.entries(categories)) {
    wordSet(declared[key]).forEach((word) => words.set(word, category));
  }
  return {
    words,
    colouredClothing: wordSet(declared.coloured_clothing),
    clothingEndings: declared.clothing_endings,
    looksEndings: declared.looks_endings,
    colours: wordSet(declared.colours),
    colourEndings: declared.colour_endings,
    links: wordSet(declared.links),
    without: wordSet(declared.without),
    patterns: patterns(declared.patterns),
    longestGap: declared.longest_gap,
    weightWithPerson: declared.weight_with_person,
    weightWithoutPerson: declared.weight_without_person,
    confidence: declared.confidence,
  };
}

function namesFrom(declared) {
  const {
    surname_endings: surnameEndings,
    place_endings: placeEndings,
    thing_endings: thingEndings,
    ...chains
  } = declared.chains;
  const lists = {};
  for (const [name, words] of Object.entries({ ...declared.words, ...chains, ...declared.cues })) {
    lists[name] = wordSet(words);
  }
  return { confidence: declared.confidence, lists, surnameEndings, placeEndings, thingEndings };
}

function lexiconFrom(text) {
  const names = new Map();
  let name = "";
  for (const line of text.split("\n")) {
    if (!line) continue;
    name = name.slice(0, SHARED_LETTERS.indexOf(line[0])) + line.slice(1, -1);
    names.set(name, Number(line.at(-1)));
  }
  return names;
}

function patterns(declared) {
  return Object.entries(declared).map(([name, pattern]) => [name, new RegExp(pattern, "g")]);
}

function wordSet(words) {
  return new Set(words.split(/\s+/).filter(Boolean));
}
