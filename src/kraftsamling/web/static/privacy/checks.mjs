// Gives a matched text its verdict. Twin of kraftsamling/privacy/checks.py.

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const COORDINATION = 60; // is added to the day of birth in a samordningsnummer

export const CHECKS = {
  personnummer(text) {
    const number = digitsOf(text.replace(/[oO]/g, "0"));
    if (number.length !== 10 && number.length !== 12) return "";
    const lastTen = number.slice(-10);
    const day = Number(lastTen.slice(4, 6));
    const coordination = day > COORDINATION;
    if (!isDate(lastTen.slice(2, 4), coordination ? day - COORDINATION : day)) return "no date";
    const valid = luhn(lastTen) && !text.toLowerCase().includes("o");
    if (!coordination && isDateAndClock(text, number)) return "clock";
    if (coordination) return valid ? "coordination" : "coordination typo";
    return valid ? "valid" : "typo";
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
    if (tables.notNumbers.some((pattern) => pattern.test(text))) return "";
    const number = nationalNumber(text);
    if (isPublic(number, tables)) return "";
    const area = number.startsWith("08") ? 2 : tables.threeDigitAreas.has(number.slice(0, 3)) ? 3 : 4;
    const subscriber = number.slice(area);
    const [shortest, longest] = { 2: [6, 8], 3: [5, 7], 4: [5, 6] }[area];
    const length = subscriber.length;
    const fits = shortest <= length && length <= longest && !subscriber.startsWith("0");
    return fits && number[1] !== "7" ? "found" : "";
  },

  any_number(text, tables) {
    return isPublic(nationalNumber(text), tables) ? "" : "found";
  },

  foreign_number(text) {
    return digitsOf(text).replace(/^00/, "").startsWith("46") ? "" : "found";
  },

  plate(text, tables) {
    const kase = text === text.toUpperCase() ? "upper" : "lower";
    if (!tables.plateWords.has(text.slice(0, 3).toLowerCase())) return kase;
    return text.length === 6 ? `${kase} word joined` : `${kase} word`;
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

function nationalNumber(text) {
  const number = digitsOf(text);
  if (!text.startsWith("+") && !/^(?:0046|46)/.test(number)) return number;
  return "0" + number.replace(/^00/, "").replace(/^46/, "").replace(/^0/, "");
}

function isDate(month, day) {
  return "01" <= month && month <= "12" && 1 <= day && day <= DAYS_IN_MONTH[Number(month) - 1];
}

// 20240312 1430 is when something happened, not who somebody is.
function isDateAndClock(text, number) {
  const apart = text.at(-5) === " " && number.length === 12 && number.startsWith("20");
  return apart && number.slice(8, 10) < "24" && number.slice(10) < "60";
}
