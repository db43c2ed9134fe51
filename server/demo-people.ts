/** Whole numbers below a bound from a simple seeded generator: the demo's people are always the same. */
export const seededNumbers = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/** The check digit of an Ecuadorian cédula's first nine digits (modulus 10, coefficients 2 and 1). */
export const cedulaCheckDigit = (nine: string): number => {
  const sum = [...nine].reduce((total, digit, i) => {
    const product = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return (10 - (sum % 10)) % 10;
};

/** Whether the text is a cédula of a person: province 01-24, third digit below 6, right check digit. */
export const isCedula = (text: string): boolean => {
  if (!/^\d{10}$/.test(text)) return false;
  const province = Number(text.slice(0, 2));
  return (
    province >= 1 &&
    province <= 24 &&
    Number(text[2]) < 6 &&
    cedulaCheckDigit(text.slice(0, 9)) === Number(text[9])
  );
};

export interface DemoPerson {
  readonly name: string;
  readonly document: string;
}

/** Invented people: "Apellidos Nombres" as on an attendance list, no two with the same name or cédula. */
export const demoPeople = (
  count: number,
  names: { readonly givenNames: readonly string[]; readonly familyNames: readonly string[] },
  seed = 2026,
): readonly DemoPerson[] => {
  const below = seededNumbers(seed);
  const from = (list: readonly string[]): string => list[below(list.length)] ?? '';
  const people = new Map<string, DemoPerson>();
  const taken = new Set<string>();
  while (people.size < count) {
    const [first, second] = [from(names.familyNames), from(names.familyNames)];
    const name = `${first} ${second} ${from(names.givenNames)}`;
    const province = String(below(24) + 1).padStart(2, '0');
    const nine = `${province}${below(6)}${String(below(1_000_000)).padStart(6, '0')}`;
    const document = `${nine}${cedulaCheckDigit(nine)}`;
    if (first === second || people.has(name) || taken.has(document)) continue;
    taken.add(document);
    people.set(name, { name, document });
  }
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name, 'es'));
};
