import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asBank, type Bank, drawForm } from '#server/exam/form.ts';
import type { Form } from '#shared/exam/ticket.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { check } from '#shared/kernel/schema.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { FormResponseSchema } from '#shared/wire/http.ts';
import { kiosk, startServer, type TestServer } from '#test/server/harness.ts';
import { NOW } from '#test/server/test-clock.ts';

const bank = asBank(JSON.parse(readFileSync('assets/demo/bank.json', 'utf8')));
const attempt = (n: number) => `attempt-${n}` as AttemptId;

const perTopic = (source: Bank, form: Form): readonly number[] =>
  source.topics.map(
    (topic) =>
      form.questions.filter(
        ({ id }) => source.questions.find((question) => question.id === id)?.topic === topic.id,
      ).length,
  );

/** Banks of any topics and sizes. */
const banks = fc.array(fc.nat(12), { minLength: 1, maxLength: 8 }).map(
  (sizes): Bank => ({
    topics: sizes.map((_, i) => ({ id: `t${i}` })),
    questions: sizes.flatMap((size, i) =>
      Array.from({ length: size }, (_, j) => ({
        id: `t${i}-${j}`,
        topic: `t${i}`,
        type: 'single' as const,
        stem: `${i} ${j}`,
        options: ['a', 'b', 'c', 'd'].map((id) => ({ id, text: `text ${id}` })),
        correct: ['a'],
      })),
    ),
  }),
);

describe('drawing', () => {
  test('every topic gives its share, as far as it has it; nothing twice; nothing missing', () => {
    fc.assert(
      fc.property(banks, fc.integer({ min: 1, max: 60 }), fc.string(), (source, count, secret) => {
        const form = drawForm(source, count, attempt(1), secret);
        const ids = form.questions.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toHaveLength(Math.min(count, source.questions.length));
        const counts = perTopic(source, form);
        const sizes = source.topics.map(
          ({ id }) => source.questions.filter(({ topic }) => topic === id).length,
        );
        const most = Math.max(...counts);
        // Who gives less than another one but one has no more to give.
        expect(counts.every((n, i) => n >= most - 1 || n === sizes[i])).toBe(true);
      }),
    );
  });

  test('the same attempt always gets the same form, another one another', () => {
    const form = drawForm(bank, 40, attempt(1), 'secret');
    expect(drawForm(bank, 40, attempt(1), 'secret')).toEqual(form);
    expect(drawForm(bank, 40, attempt(2), 'secret').questions).not.toEqual(form.questions);
    expect(drawForm(bank, 40, attempt(1), 'other').questions).not.toEqual(form.questions);
  });

  test('options are mixed, but each keeps its letter and its text', () => {
    const form = drawForm(bank, 70, attempt(1), 'secret');
    for (const question of form.questions) {
      const source = bank.questions.find(({ id }) => id === question.id);
      const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
      expect([...question.options].sort(byId)).toEqual([...(source?.options ?? [])].sort(byId));
    }
    const firsts = new Set(form.questions.map(({ options }) => options[0]?.id));
    expect(firsts.size).toBe(4);
  });

  test('over many attempts every question and every first option comes up about equally often', () => {
    const seen = new Map<string, number>();
    const firsts = new Map<string, number>();
    for (let i = 0; i < 1_000; i += 1) {
      for (const { id, options } of drawForm(bank, 40, attempt(i), 'secret').questions) {
        seen.set(id, (seen.get(id) ?? 0) + 1);
        firsts.set(options[0]?.id ?? '', (firsts.get(options[0]?.id ?? '') ?? 0) + 1);
      }
    }
    expect(seen.size).toBe(bank.questions.length);
    // 40 of 70: 571 on average; topics differ in size, so that the bounds are wide.
    expect(Math.min(...seen.values())).toBeGreaterThan(400);
    expect(Math.max(...seen.values())).toBeLessThan(750);
    for (const n of firsts.values()) expect(Math.abs(n - 10_000)).toBeLessThan(500);
  });

  test.each([
    ['null', null],
    ['no questions', { topics: [{ id: 'a' }], questions: [] }],
    [
      'three options',
      {
        topics: [{ id: 'a' }],
        questions: [{ id: 'q', topic: 'a', type: 'single', stem: '', options: [], correct: ['a'] }],
      },
    ],
  ])('%s is no bank', (_name, value) => {
    expect(() => asBank(value)).toThrow('not a question bank');
  });
});

describe('giving out', () => {
  const start = NOW + 5 * MINUTE;
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ shifts: [start], questionCount: 40 });
  });
  afterAll(() => server.close());

  test('not before the start, and never with keys', async () => {
    const examinee = await kiosk(server);
    const ask = () =>
      server.app.inject({
        method: 'GET',
        url: `/api/attempts/${examinee.attemptId}/form`,
        headers: { authorization: `Bearer ${examinee.token}` },
      });
    server.clock.set(start - 1);
    expect((await ask()).json()).toEqual({ problem: { code: 'too-early', retryAfterMs: 1 } });
    server.clock.set(start);
    const answer = await ask();
    expect(check(FormResponseSchema, answer.json()).ok).toBe(true);
    expect((answer.json() as Form).questions).toHaveLength(40);
    expect(answer.body).not.toMatch(/"correct"|"rationale"|"topic"/);
    expect((await ask()).json()).toEqual(answer.json());
    const other = await kiosk(server, 1);
    const foreign = await server.app.inject({
      method: 'GET',
      url: `/api/attempts/${examinee.attemptId}/form`,
      headers: { authorization: `Bearer ${other.token}` },
    });
    expect(foreign.statusCode).toBe(403);
  });
});
