/** The check digit of an Ecuadorian cédula's first nine digits (modulus 10, coefficients 2 and 1). */
export const cedulaCheckDigit = (nine: string): number => {
  const sum = [...nine].reduce((total, digit, i) => {
    const product = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return (10 - (sum % 10)) % 10;
};

/** Cédulas of people who were registered abroad begin with these instead of a province. */
const ABROAD: readonly number[] = [30, 50];

/**
 * What a number says of itself: `valid`, a cédula as the civil registry numbers them; `doubtful`, ten digits that do
 * not fit (a mistake in typing or in the register, a numbering that changed): for people to look at, never another
 * kind of person; `none`, no cédula at all.
 */
export type CedulaState = 'valid' | 'doubtful' | 'none';

/**
 * Province 01-24 or a code for those registered abroad, and the right check digit. The third digit does not tell people
 * apart: 0 to 5 were given first, 6 to foreigners with residence and to new registrations since. That 6 and 9 are a
 * public and a private entity holds for taxpayers' numbers (RUC) of thirteen digits, which are other numbers; 7 to 9
 * are not known of people.
 */
export const cedulaState = (text: string): CedulaState => {
  if (!/^\d{10}$/.test(text)) return 'none';
  const province = Number(text.slice(0, 2));
  const fits =
    ((province >= 1 && province <= 24) || ABROAD.includes(province)) &&
    Number(text[2]) <= 6 &&
    cedulaCheckDigit(text.slice(0, 9)) === Number(text[9]);
  return fits ? 'valid' : 'doubtful';
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
