// Gives a matched text its verdict. Twin of kraftsamling/privacy/checks.py.

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const COORDINATION = 60; // is added to the day of birth in a samordningsnummer
// Invoices and cases are numbered by date and serial number too: 260811-0042 of these years.
const RECENT = { first: 18, last: 29 };
// Digits after the area code, by its length; no area is 0 long.
const SUBSCRIBER = { 0: [0, -1], 2: [6, 8], 3: [5, 7], 4: [5, 6] };
const TENS = ["tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio"];

export const CHECKS = {
  personnummer(text) {
    const number = digitsOf(asDigits(text));
    if (number.length !== 10 && number.length !== 12) return "";
    const lastTen = number.slice(-10);
    const day = Number(lastTen.slice(4, 6));
    const coordination = day > COORDINATION;
    if (!isDate(lastTen.slice(2, 4), coordination ? day - COORDINATION : day)) return "no date";
    if (!coordination && isDateAndClock(text, number)) return "clock";
    const right = luhn(lastTen);
    const hasLetters = digitsOf(text).length < number.length;
    if (coordination) return right && !hasLetters ? "coordination" : "coordination typo";
    if (hasLetters) return right ? "read" : isMostlyDigits(text) ? "unread" : "";
    if (!isRecent(number)) return right ? "valid" : "typo";
    const kind = number.at(-4) === "0" ? "serial" : "recent";
    return right ? kind : `${kind} typo`;
  },

  personnummer_in_pieces(text, tables) {
    const lengths = text.match(/[0-9oOlI]+/g).map((group) => group.length);
    const trimmed = text.replace(/^[()]+|[()]+$/g, "");
    const gaps = new Set((trimmed.match(/[^0-9oOlI]+/g) ?? []).map((gap) => gap.trim()));
    const length = lengths.reduce((sum, each) => sum + each, 0);
    const joints = new Set([10, 8, 6, 4, 2].map((left) => length - left));
    let end = 0;
    const fits = lengths.slice(0, -1).every((each) => joints.has((end += each)));
    const alike = gaps.size < 2 && !gaps.has(",");
    return alike || fits ? CHECKS.personnummer(text, tables) : "";
  },

  birth_date(text) {
    const number = digitsOf(text);
    const hasCentury = /^(?:19|20)/.test(number) && (number.length === 8 || number.length === 12);
    const six = hasCentury ? number.slice(2, 8) : number.slice(0, 6);
    const month = six.slice(2, 4);
    const day = Number(six.slice(4, 6));
    return isDate(month, day) || isDate(month, day - COORDINATION) ? "date" : "no date";
  },

  landline(text, tables) {
    const plain = asDigits(text);
    const number = nationalNumber(plain);
    if (!isDialled(number, tables) || tables.notNumbers.some((each) => each.test(text))) return "";
    const area = number.slice(0, areaLength(number, tables));
    if ([area, number].includes(leadingDigits(plain))) return "found";
    // Grouped like this the ten digits of a personnummer are one, though 060 is an area too.
    if (["valid", "recent"].includes(CHECKS.personnummer(plain, tables))) return "";
    return number.length > 8 ? "odd" : "short";
  },

  any_number(text, tables) {
    return isPublic(nationalNumber(text), tables) ? "" : "found";
  },

  foreign_number(text) {
    return digitsOf(text).replace(/^00/, "").startsWith("46") ? "" : "found";
  },

  number_words(text) {
    const words = text.toLowerCase().match(/[a-zåäö]+|[0-9]+/g) ?? [];
    const length = words.reduce((sum, word) => sum + digitsSaid(word), 0);
    const spoken = words.filter((word) => !/^[0-9]/.test(word)).length;
    return 8 <= length && length <= 13 && spoken > 2 ? "found" : "";
  },

  plate(text, tables) {
    const kase = text === text.toUpperCase() ? "upper" : "lower";
    const signs = signsOf(text);
    const letters = signs.slice(0, 3);
    const number = signs.slice(3);
    const joined = text.length === signs.length ? " joined" : "";
    if (tables.models.has(letters) && tables.modelNumbers.has(number)) return "";
    const weighed = kase === "lower" || /[0-9]/.test(number[2]);
    const codes = weighed ? tables.plateCodes : tables.plateRooms;
    if (codes.has(letters)) return `${kase} code${joined}`;
    return weighed && tables.plateWords.has(letters) ? `${kase} word${joined}` : kase;
  },

  foreign_plate(text, tables) {
    const [letters] = text.toLowerCase().match(/[a-zåäö]+|[0-9]+/);
    if (text !== text.toUpperCase() || signsOf(text).length < 6) return "";
    return tables.plateWords.has(letters) || tables.plateCodes.has(letters) ? "" : "found";
  },

  partial_plate(text, tables) {
    const letters = text.slice(0, 3);
    const rest = text.slice(3);
    const hidden = /[?*_]/.test(text) || /x|\.\.|…/.test(rest);
    const left = letters.replace(/[^A-Z]/g, "").length + digitsOf(rest).length;
    const word = letters.toLowerCase();
    const isCommon = tables.plateWords.has(word) || tables.plateCodes.has(word);
    return hidden && left >= 3 && !isCommon ? "found" : "";
  },

  plate_beginning(text, tables) {
    const letters = text.toLowerCase().replace(/[^a-z]/g, "").slice(0, 3);
    const { plateWords, plateCodes, models } = tables;
    const isCommon = plateWords.has(letters) || plateCodes.has(letters) || models.has(letters);
    return isCommon && digitsOf(text) ? "" : "found";
  },

  partial_phone(text, tables) {
    const number = nationalNumber(text);
    const isCut = !/[xX*?_]|[0-9]$/.test(text);
    if (number.length < 4 || !(isCut || /[xX*?_][ -]?[xX*?_]/.test(text))) return "";
    return areaLength(number, tables) ? "found" : "";
  },

  found() {
    return "found";
  },
};

function luhn(number) {
  let total = 0;
  for (let position = 0; position < number.length; position += 1) {
    const value = Number(number[number.length - 1 - position]) * (1 + (position % 2));
    total += value > 9 ? value - 9 : value;
  }
  return total % 10 === 0;
}

function digitsOf(text) {
  return text.replace(/[^0-9]/g, "");
}

function isPublic(number, tables) {
  return tables.publicPrefixes.some((prefix) => number.startsWith(prefix));
}

function isInternational(text) {
  return /^\(*\+/.test(text) || /^(?:0046|46)/.test(digitsOf(text));
}

function nationalNumber(text) {
  const number = digitsOf(text);
  if (!isInternational(text)) return number;
  return "0" + number.replace(/^00/, "").replace(/^46/, "").replace(/^0/, "");
}

// Whether the numbering plan has such numbers, and they may be somebody's own.
function isDialled(number, tables) {
  const area = areaLength(number, tables);
  const [shortest, longest] = SUBSCRIBER[area];
  const isMobile = number.startsWith("07");
  if (!isMobile && number[area] === "0") return false;
  const length = number.length - area;
  const fits = (isMobile ? longest : shortest) <= length && length <= longest;
  return fits && !isPublic(number, tables);
}

// How long the area code is, with its zero; 0 when there is no such area.
function areaLength(number, tables) {
  if (number.startsWith("08")) return 2;
  if (tables.threeDigitAreas.has(number.slice(0, 3)) || /^07[02369]/.test(number)) return 3;
  return tables.fourDigitAreas.has(number.slice(0, 4)) ? 4 : 0;
}

// The first group of digits as in a national number: 031 of +46 (0)31-39 00.
function leadingDigits(text) {
  let groups = text.match(/[0-9]+/g);
  if (!isInternational(text)) return groups[0];
  const first = groups[0].replace(/^00/, "").replace(/^46/, "");
  groups = first ? [first, ...groups.slice(1)] : groups.slice(1);
  if (groups[0] === "0") groups = groups.slice(1);
  return groups.length ? "0" + groups[0].replace(/^0/, "") : "";
}

function digitsSaid(word) {
  if (/^[0-9]/.test(word)) return word.length;
  if (word.includes("hundra")) return 3;
  if (TENS.some((ten) => word.startsWith(ten))) return 2;
  return ["tio", "elva", "tolv"].includes(word) || word.endsWith("ton") ? 2 : 1;
}

// Letters that look like digits read as those.
function asDigits(text) {
  return text.replace(/[oO]/g, "0").replace(/[lI]/g, "1");
}

function isMostlyDigits(text) {
  return 2 * digitsOf(text).length > text.length;
}

// Only letters and digits, in lower case.
function signsOf(text) {
  return text.toLowerCase().replace(/[^0-9a-zåäö]/g, "");
}

function isRecent(number) {
  const year = Number(number.slice(-10, -8));
  const isThisCentury = number.length === 10 || number.startsWith("20");
  return isThisCentury && RECENT.first <= year && year <= RECENT.last;
}

function isDate(month, day) {
  return "01" <= month && month <= "12" && 1 <= day && day <= DAYS_IN_MONTH[Number(month) - 1];
}

// 20240312 1430 is when something happened, not who somebody is.
function isDateAndClock(text, number) {
  const thisCentury = number.length === 12 ? number.startsWith("20") : isRecent(number);
  const [hour, minute] = [number.slice(-4, -2), number.slice(-2)];
  return thisCentury && text.at(-5) === " " && hour < "24" && minute < "60";
}
