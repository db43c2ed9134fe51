import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import bankJson from '#assets/demo/bank.json' with { type: 'json' };

const closed = { additionalProperties: false };
const text = Type.String({ minLength: 1 });
const Title = Type.Object({ es: text, en: text }, closed);
const Option = Type.Object({ id: Type.String({ pattern: '^[a-d]$' }), text }, closed);
const Question = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z]+-\\d{2}$' }),
    topic: text,
    type: Type.Union([Type.Literal('single'), Type.Literal('multiple')]),
    stem: Type.String({ minLength: 15 }),
    options: Type.Array(Option, { minItems: 4, maxItems: 4 }),
    correct: Type.Array(Type.String(), { minItems: 1, maxItems: 3, uniqueItems: true }),
    rationale: Type.String({ minLength: 40 }),
  },
  closed,
);
const Bank = Type.Object(
  {
    id: text,
    title: Title,
    topics: Type.Array(Type.Object({ id: text, title: Title }, closed)),
    questions: Type.Array(Question),
  },
  closed,
);
type Bank = Static<typeof Bank>;
type Question = Static<typeof Question>;

const askAll = 'Seleccione todas las correctas.';
const optionIds = ['a', 'b', 'c', 'd'];

/** Lower case, no accents, no punctuation: what is left when only the wording counts. */
const tokens = (value: string): string[] =>
  value
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .match(/[\p{L}\p{N}$%*+=<>-]+/gu) ?? [];

/** Shared words over the words of the shorter stem, 0 to 1; the common instruction is left out. */
const overlap = (left: string, right: string): number => {
  const a = new Set(tokens(left.replace(askAll, '')));
  const b = new Set(tokens(right.replace(askAll, '')));
  return [...a].filter((word) => b.has(word)).length / Math.min(a.size, b.size);
};

const isRight = (question: Question, optionId: string): boolean =>
  question.correct.includes(optionId);

/** True where somebody who picks the longest (or, mirrored, the shortest) text hits the key. */
const extremeIsRight = (question: Question, sign: 1 | -1): boolean => {
  const lengths = (right: boolean) =>
    question.options
      .filter((o) => isRight(question, o.id) === right)
      .map((o) => sign * o.text.length);
  return Math.max(...lengths(true)) > Math.max(...lengths(false));
};

/** Pearson's statistic of counts against an even spread. */
const chiSquare = (counts: readonly number[]): number => {
  const even = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  return counts.reduce((sum, n) => sum + (n - even) ** 2 / even, 0);
};

const keyCounts = (questions: readonly Question[]): number[] =>
  optionIds.map((id) => questions.filter((q) => isRight(q, id)).length);

const ofType = (bank: Bank, type: Question['type']): Question[] =>
  bank.questions.filter((q) => q.type === type);

const everyText = (bank: Bank): string[] =>
  bank.questions.flatMap((q) => [q.stem, q.rationale, ...q.options.map((o) => o.text)]);

const repeated = (values: readonly string[]): string[] =>
  values.filter((value, at) => values.indexOf(value) !== at);

/** Each check returns what is wrong, so that a failure names the question; empty means sound. */
const checks = {
  'five topics with fourteen questions each': (bank) => {
    const ids = bank.topics.map((t) => t.id);
    const stray = bank.questions.filter((q) => !ids.includes(q.topic)).map((q) => q.id);
    const uneven = ids.filter((id) => bank.questions.filter((q) => q.topic === id).length !== 14);
    return [...stray, ...uneven, ...repeated(ids), ...(ids.length === 5 ? [] : ['topics'])];
  },
  'ids are unique and carry their topic': (bank) => [
    ...repeated(bank.questions.map((q) => q.id)),
    ...bank.questions.filter((q) => !q.id.startsWith(`${q.topic}-`)).map((q) => q.id),
  ],
  'four distinct options, a to d in order': (bank) =>
    bank.questions
      .filter(
        (q) =>
          q.options.map((o) => o.id).join('') !== 'abcd' ||
          new Set(q.options.map((o) => o.text.trim().toLowerCase())).size !== 4,
      )
      .map((q) => q.id),
  'the key names existing options, without repeats': (bank) =>
    bank.questions
      .filter(
        (q) =>
          new Set(q.correct).size !== q.correct.length ||
          q.correct.some((id) => !q.options.some((o) => o.id === id)),
      )
      .map((q) => q.id),
  'single has one right option, multiple two or three': (bank) =>
    bank.questions
      .filter((q) =>
        q.type === 'single' ? q.correct.length !== 1 : q.correct.length < 2 || q.correct.length > 3,
      )
      .map((q) => q.id),
  'at least ten multiple questions, and only they ask for all': (bank) => [
    ...(ofType(bank, 'multiple').length >= 10 ? [] : ['too few multiple']),
    ...bank.questions
      .filter((q) => q.stem.endsWith(askAll) !== (q.type === 'multiple'))
      .map((q) => q.id),
  ],
  'stems differ in wording': (bank) =>
    bank.questions.flatMap((q, at) =>
      bank.questions
        .slice(at + 1)
        .filter((other) => overlap(q.stem, other.stem) >= 0.8)
        .map((other) => `${q.id} ~ ${other.id}`),
    ),
  // 7.81 is the 5 % point of chi-square with three degrees of freedom.
  'keys of single questions are spread over a to d': (bank) =>
    [{ id: 'bank' }, ...bank.topics].flatMap(({ id }) => {
      const counts = keyCounts(
        ofType(bank, 'single').filter((q) => id === 'bank' || q.topic === id),
      );
      return chiSquare(counts) > 7.81 || counts.includes(0) ? [`${id}: ${counts}`] : [];
    }),
  'keys of multiple questions are spread over a to d': (bank) => {
    const counts = keyCounts(ofType(bank, 'multiple'));
    return chiSquare(counts) > 7.81 ? [`${counts}`] : [];
  },
  'no key comes three times in a row': (bank) =>
    bank.questions
      .filter((q, at) =>
        [1, 2].every((back) => bank.questions[at - back]?.correct.join() === q.correct.join()),
      )
      .map((q) => q.id),
  'length does not give the key away': (bank) =>
    ([1, -1] as const).flatMap((sign) => {
      const hits = bank.questions.filter((q) => extremeIsRight(q, sign)).length;
      return hits < bank.questions.length * 0.4 ? [] : [`${sign}: ${hits}`];
    }),
  'no catch-all options': (bank) =>
    bank.questions
      .flatMap((q) => q.options)
      .map((o) => o.text)
      .filter((t) => /\b(todas|ninguna|todos|ninguno)\b.*\b(anteriores|opciones)\b/i.test(t)),
  // A shuffled question has no fixed letters, so a rationale must not lean on them.
  'rationales do not name options by letter': (bank) =>
    bank.questions
      .filter((q) => /\b(opción|literal|respuesta) [a-d]\b/i.test(q.rationale))
      .map((q) => q.id),
  'Spanish is written with its marks and clean spaces': (bank) =>
    everyText(bank).filter(
      (t) =>
        t !== t.normalize('NFC') ||
        t !== t.trim() ||
        / {2}/.test(t) ||
        t.split('¿').length !== t.split('?').length ||
        /[cs]ion\b/i.test(t),
    ),
  'nothing ties a question to a calendar year': (bank) =>
    everyText(bank).filter((t) => /\b(19|20)\d\d\b/.test(t)),
} satisfies Record<string, (bank: Bank) => string[]>;
type CheckName = keyof typeof checks;
const checkNames = Object.keys(checks) as CheckName[];

const bank: Bank = Value.Parse(Bank, bankJson);

const questionIn = (where: Bank, id: string): Question => {
  const found = where.questions.find((q) => q.id === id);
  if (!found) throw new Error(`no question ${id}`);
  return found;
};

describe('demo question bank', () => {
  it.each(checkNames)('%s', (name) => {
    expect(checks[name](bank)).toEqual([]);
  });

  it('refuses a question without a rationale or with a fifth option', () => {
    const { rationale: _, ...bare } = questionIn(bank, 'redes-01');
    expect(Value.Check(Bank, { ...bank, questions: [bare] })).toBe(false);
    const wide = structuredClone(questionIn(bank, 'redes-01'));
    wide.options.push({ id: 'd', text: 'otra' });
    expect(Value.Check(Bank, { ...bank, questions: [wide] })).toBe(false);
  });
});

/** One planted defect per check: proof that each of them can fail. */
const planted: Record<CheckName, (b: Bank, first: Question) => unknown> = {
  'five topics with fourteen questions each': (b) => b.questions.pop(),
  'ids are unique and carry their topic': (_, q) => (q.id = 'hardware-02'),
  'four distinct options, a to d in order': (_, q) =>
    q.options.splice(1, 1, { id: 'b', text: ` ${q.options[0]?.text.toUpperCase()}` }),
  'the key names existing options, without repeats': (_, q) => (q.correct = ['e']),
  'single has one right option, multiple two or three': (_, q) => (q.correct = ['a', 'b']),
  'at least ten multiple questions, and only they ask for all': (_, q) => (q.type = 'multiple'),
  'stems differ in wording': (b, q) =>
    (q.stem = questionIn(b, 'redes-04').stem.toUpperCase().replace('HTTPS', 'esto')),
  'keys of single questions are spread over a to d': (b) =>
    ofType(b, 'single')
      .filter((q) => q.topic === 'redes')
      .forEach((q) => {
        q.correct = ['c'];
      }),
  'keys of multiple questions are spread over a to d': (b) =>
    ofType(b, 'multiple').forEach((q) => {
      q.correct = ['a', 'b'];
    }),
  'no key comes three times in a row': (b) =>
    b.questions.slice(0, 3).forEach((q) => {
      q.correct = ['d'];
    }),
  'length does not give the key away': (b) =>
    b.questions.slice(0, 30).forEach((q) => {
      for (const o of q.options) if (isRight(q, o.id)) o.text += ', '.padEnd(90, 'x');
    }),
  'no catch-all options': (_, q) =>
    q.options.splice(3, 1, { id: 'd', text: 'Todas las anteriores' }),
  'rationales do not name options by letter': (_, q) => (q.rationale += ' La opción b no.'),
  'Spanish is written with its marks and clean spaces': (_, q) => (q.rationale += ' Informacion.'),
  'nothing ties a question to a calendar year': (_, q) => (q.stem += ' Responda según 2024.'),
};

describe('checks of the bank', () => {
  it.each(checkNames)('turns red on a planted defect: %s', (name) => {
    const broken = structuredClone(bank);
    planted[name](broken, questionIn(broken, 'hardware-01'));
    expect(checks[name](broken)).not.toEqual([]);
  });
});
