import { cedulaCheckDigit } from '#shared/identity/cedula.ts';

/** Whole numbers below a bound from a simple seeded generator: the demo's people are always the same. */
const seededNumbers = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
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
