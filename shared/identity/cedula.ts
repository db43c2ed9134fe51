/** The check digit of an Ecuadorian cédula's first nine digits (modulus 10, coefficients 2 and 1). */
export const cedulaCheckDigit = (nine: string): number => {
  const sum = [...nine].reduce((total, digit, i) => {
    const product = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return (10 - (sum % 10)) % 10;
};

/** Cédulas of people who were registered abroad begin with this instead of a province. */
const ABROAD = 30;

/** Whether the text is a cédula of a person: province 01-24 or 30 (abroad), third digit below 6, right check digit. */
export const isCedula = (text: string): boolean => {
  if (!/^\d{10}$/.test(text)) return false;
  const province = Number(text.slice(0, 2));
  return (
    ((province >= 1 && province <= 24) || province === ABROAD) &&
    Number(text[2]) < 6 &&
    cedulaCheckDigit(text.slice(0, 9)) === Number(text[9])
  );
};

/**
 * Whether the text may be the number of a passport: 6 to 12 letters and digits, at least one of them a digit
 * (ICAO 9303 has nine places; some countries print more). It has no check digit outside the machine-readable zone.
 */
export const isPassport = (text: string): boolean =>
  /^[A-Z0-9]{6,12}$/.test(text) && /\d/.test(text);

/** Documents are compared without spaces, dashes, dots and case. */
export const normaliseDocument = (document: string): string =>
  document.toUpperCase().replace(/[\s.-]/g, '');
