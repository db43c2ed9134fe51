import { createHmac } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Form, FormQuestion } from '#shared/exam/ticket.ts';
import type { AttemptId, QuestionId } from '#shared/kernel/ids.ts';
import type { DrawnQuestion } from './ports.ts';

/** A question bank as it is stored: with keys and rationales, which never leave the server before the end. */
const BankSchema = Type.Object({
  topics: Type.Array(Type.Object({ id: Type.String() }), { minItems: 1 }),
  questions: Type.Array(
    Type.Object({
      id: Type.String(),
      topic: Type.String(),
      type: Type.Union([Type.Literal('single'), Type.Literal('multiple')]),
      stem: Type.String(),
      options: Type.Array(Type.Object({ id: Type.String(), text: Type.String() }), {
        minItems: 4,
        maxItems: 4,
      }),
      correct: Type.Array(Type.String(), { minItems: 1 }),
    }),
    { minItems: 1 },
  ),
});
export type Bank = Static<typeof BankSchema>;
const bankShape = Compile(BankSchema);

/** @throws Error when the value is no question bank. */
export const asBank = (value: unknown): Bank => {
  if (!bankShape.Check(value)) throw new Error('not a question bank');
  return value;
};

/**
 * Whole numbers below a bound, evenly spread, always the same for the same secret and attempt: whoever
 * knows the attempt's id but not the exam's secret cannot tell the form beforehand.
 */
const seededPicker = (secret: string, attemptId: AttemptId): ((below: number) => number) => {
  let block = 0;
  let words: number[] = [];
  const next = (): number => {
    const word = words.pop();
    if (word !== undefined) return word;
    const digest = createHmac('sha256', secret).update(`${attemptId}:${block}`).digest();
    block += 1;
    words = Array.from({ length: 8 }, (_, i) => digest.readUInt32BE(i * 4));
    return next();
  };
  return (below) => {
    const limit = 2 ** 32 - (2 ** 32 % below);
    for (;;) {
      const word = next();
      if (word < limit) return word % below;
    }
  };
};

const shuffled = <T>(items: readonly T[], pick: (below: number) => number): T[] => {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = pick(i + 1);
    const [a, b] = [result[i], result[j]];
    if (a !== undefined && b !== undefined) [result[i], result[j]] = [b, a];
  }
  return result;
};

/**
 * Draws an attempt's form (Art. 8): every topic gives the same number of questions, topics that are
 * too small give all they have and the others share the rest; which topics give one more is drawn too.
 * Questions and options come in the attempt's own order; option ids stay with their text.
 *
 * @returns fewer questions than `count` only when the bank has fewer.
 */
export const drawForm = (bank: Bank, count: number, attemptId: AttemptId, secret: string): Form => {
  const pick = seededPicker(secret, attemptId);
  const pools = shuffled(bank.topics, pick).map((topic) =>
    shuffled(
      bank.questions.filter((question) => question.topic === topic.id),
      pick,
    ),
  );
  const drawn: Bank['questions'] = [];
  const wanted = Math.min(
    count,
    pools.reduce((sum, pool) => sum + pool.length, 0),
  );
  for (let round = 0; drawn.length < wanted; round += 1) {
    for (const pool of pools) {
      const question = pool[round];
      if (question !== undefined && drawn.length < wanted) drawn.push(question);
    }
  }
  return {
    attemptId,
    questions: shuffled(drawn, pick).map(
      (question): FormQuestion => ({
        id: question.id as QuestionId,
        type: question.type,
        stem: question.stem,
        options: shuffled(question.options, pick).map(({ id, text }) => ({ id, text })),
      }),
    ),
  };
};

/** A form in short: which questions, and in which order their options. */
export const drawnOf = ({ questions }: Form): readonly DrawnQuestion[] =>
  questions.map(({ id, options }) => [id, options.map((option) => option.id).join('')]);

/** The form that was drawn so. @throws when the bank does not have what it names. */
export const formOf = (
  bank: Bank,
  drawn: readonly DrawnQuestion[],
  attemptId: AttemptId,
): Form => ({
  attemptId,
  questions: drawn.map(([id, optionIds]): FormQuestion => {
    const found = bank.questions.find((question) => question.id === id);
    if (found === undefined) throw new Error(`the bank has no question ${id}`);
    const options = [...optionIds].map((optionId) => {
      const option = found.options.find((one) => one.id === optionId);
      if (option === undefined) throw new Error(`question ${id} has no option ${optionId}`);
      return { id: option.id, text: option.text };
    });
    return { id: found.id as QuestionId, type: found.type, stem: found.stem, options };
  }),
});
