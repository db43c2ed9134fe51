import { describe, expect, it } from 'vitest';
import bankJson from '#assets/demo/bank.json' with { type: 'json' };

const questionOf = (id: string) => {
  const found = bankJson.questions.find((q) => q.id === id);
  if (!found) throw new Error(`no question ${id}`);
  return found;
};

const optionTexts = (id: string): string[] => questionOf(id).options.map((o) => o.text);

const rightTexts = (id: string): string[] =>
  questionOf(id)
    .options.filter((o) => questionOf(id).correct.includes(o.id))
    .map((o) => o.text);

const binary = (digits: string): number => Number.parseInt(digits, 2);

const repeat = (times: number, start: number, step: (x: number) => number): number =>
  Array.from({ length: times }).reduce<number>(step, start);

const loopRuns = (start: number, limit: number, step: number): number => {
  let runs = 0;
  for (let i = start; i < limit; i += step) runs += 1;
  return runs;
};

/** Elements that a binary search looks at before it gives up on the larger half each time. */
const worstProbes = (size: number): number => (size === 0 ? 0 : 1 + worstProbes(size >> 1));

/** Options that hold for a truth assignment or a sheet, worked out here and not read from the key. */
const holding = (candidates: Record<string, boolean>): string[] =>
  Object.keys(candidates).filter((name) => candidates[name]);

const [a1, a2, a3] = [3, 4, 5];
const verdict = (grade: number): string => (grade >= 14 ? 'Aprobado' : 'Reprobado');

const expressions = (A: boolean, B: boolean, C: boolean): string[] =>
  holding({
    'A y (B o C)': A && (B || C),
    '(A y B) o C': (A && B) || C,
    '(no A) o B': !A || B,
    'B y (A o C)': B && (A || C),
  });

const octets = (address: string): boolean =>
  /^\d+(\.\d+){3}$/.test(address) && address.split('.').every((n) => Number(n) <= 255);

/** The computed questions: id, and the right texts as this program works them out. */
const computed: [id: string, right: string[]][] = [
  ['hardware-06', [String(3 * 1024)]],
  ['redes-07', [String(4 * 8)]],
  ['redes-08', [`${(100 * 8) / 40} segundos`]],
  ['redes-09', optionTexts('redes-09').filter(octets)],
  ['redes-10', [new URL('https://www.example.org/cursos/horarios-docentes.html').hostname]],
  ['ofimatica-01', [String((10 + 20 + 30) / 3 + 10)]],
  [
    'ofimatica-04',
    holding({
      '=A1*(1-15%)': 80 * (1 - 0.15) === 80 - 12,
      '=A1*15%': 80 * 0.15 === 80 - 12,
      '=A1-15%': 80 - 0.15 === 80 - 12,
      '=A1*(1+15%)': 80 * (1 + 0.15) === 80 - 12,
    }),
  ],
  ['ofimatica-13', [verdict(14)]],
  [
    'ofimatica-14',
    holding({
      '=SUMA(A1:A3)': a1 + a2 + a3 === 12,
      '=A1*A2': a1 * a2 === 12,
      '=PROMEDIO(A1:A3)': (a1 + a2 + a3) / 3 === 12,
      '=MAX(A1:A3)*2': Math.max(a1, a2, a3) * 2 === 12,
    }),
  ],
  ['logica-01', [String(binary('10110'))]],
  ['logica-02', [(45).toString(2)]],
  ['logica-03', [String(0x2f)]],
  [
    'logica-04',
    [true, false].flatMap((p) =>
      [true, false]
        .filter((q) => p && !q)
        .map((q) => `P ${p ? 'verdadera' : 'falsa'} y Q ${q ? 'verdadera' : 'falsa'}`),
    ),
  ],
  ['logica-07', [String(repeat(4, 1, (x) => 2 * x + 1))]],
  ['logica-08', [String(loopRuns(2, 10, 3))]],
  ['logica-11', [String(worstProbes(1000))]],
  ['logica-12', expressions(true, false, true)],
];

describe('computed questions', () => {
  it.each(computed)('%s has the key that the computation gives', (id, right) => {
    expect(rightTexts(id).sort()).toEqual([...right].sort());
  });
});

type World = readonly [p: boolean, q: boolean];
const worlds: readonly World[] = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
];
const same = (f: (...w: World) => boolean, g: (...w: World) => boolean): boolean =>
  worlds.every((w) => f(...w) === g(...w));

describe('equivalences between sentences, by truth table', () => {
  it.each<[string, (...w: World) => boolean, Record<string, (...w: World) => boolean>]>([
    [
      'logica-05', // p: it rains, q: the street gets wet
      (p, q) => !p || q,
      {
        'Si la calle no se moja, no llueve': (p, q) => q || !p,
        'Si la calle se moja, llueve': (p, q) => !q || p,
        'Si no llueve, la calle no se moja': (p, q) => p || !q,
        'Llueve y la calle no se moja': (p, q) => p && !q,
      },
    ],
    [
      'logica-06', // p: handed in the task, q: sat the exam
      (p, q) => !(p && q),
      {
        'Luis no entregó la tarea o no rindió el examen': (p, q) => !p || !q,
        'Luis no entregó la tarea y no rindió el examen': (p, q) => !p && !q,
        'Luis entregó la tarea o rindió el examen': (p, q) => p || q,
        'Luis entregó la tarea, pero no rindió el examen': (p, q) => p && !q,
      },
    ],
  ])('%s', (id, meaning, readings) => {
    expect(Object.keys(readings).sort()).toEqual(optionTexts(id).sort());
    expect(rightTexts(id)).toEqual(
      Object.keys(readings).filter((t) => same(meaning, readings[t] ?? (() => false))),
    );
  });
});
