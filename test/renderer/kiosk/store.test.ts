import { beforeEach, describe, expect, test } from 'vitest';
import { createKioskStore, type KioskStore } from '#renderer/kiosk/store.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import { ScriptedHost } from './harness/scripted-host.ts';
import { beforeExam, inExam, viewOf } from './views.ts';

const Q = 'q-1' as QuestionId;
const settle = () => new Promise((resolve) => setTimeout(resolve));

let host: ScriptedHost;
let store: KioskStore;
beforeEach(() => {
  host = new ScriptedHost();
  store = createKioskStore(host);
});

describe('an answer', () => {
  test('is shown at once and no longer a draft when it is stored', async () => {
    host.show(inExam());
    host.hold('answer');
    const stored = store.answer(Q, ['c']);
    expect(store.getState().drafts).toEqual({ 'q-1': ['c'] });
    host.release();
    await stored;
    // The view that holds it may come later than the answer: nothing flashes back meanwhile.
    expect(store.getState()).toMatchObject({ drafts: { 'q-1': ['c'] }, saving: 0 });
    host.show(inExam({ answers: { 'q-1': ['b'] } }));
    expect(store.getState().drafts).toEqual({ 'q-1': ['c'] });
    host.show(inExam({ answers: { 'q-1': ['c'] } }));
    expect(store.getState().drafts).toEqual({});
    expect(host.actions).toEqual([{ type: 'answer', questionId: Q, optionIds: ['c'] }]);
  });

  test('that a later one overtook does not flash back', async () => {
    host.show(inExam());
    host.hold('answer');
    const first = store.answer(Q, ['a']);
    const second = store.answer(Q, ['b']);
    host.releaseOne();
    await first;
    expect(store.getState().drafts).toEqual({ 'q-1': ['b'] });
    host.releaseOne();
    await second;
    expect(store.getState()).toMatchObject({ drafts: { 'q-1': ['b'] }, saving: 0 });
  });

  test('that could not be stored gives way to the stored one and says why', async () => {
    host.show(inExam());
    host.answer('answer', { ok: false, error: { code: 'storage-failed' } });
    await store.answer(Q, ['c']);
    expect(store.getState()).toMatchObject({
      drafts: {},
      answerProblem: { code: 'storage-failed' },
    });
    host.answer('answer', { ok: true, value: null });
    await store.answer(Q, ['d']);
    expect(store.getState().answerProblem).toBeNull();
  });
});

describe('the sequence of the answers', () => {
  const at = (savedSeq: number, answers: Record<string, string[]>) =>
    inExam({ answers, seq: savedSeq }, { savedSeq });
  test('moves with the answers and with nothing else', () => {
    host.show(at(10, { a: ['a'] }));
    expect(store.getState().answersSeq).toBe(10);
    host.show(at(14, { a: ['a'] }));
    expect(store.getState().answersSeq).toBe(10);
    host.show(at(15, { a: ['b'] }));
    expect(store.getState().answersSeq).toBe(15);
    host.show(viewOf({ stage: 'signed-out' }));
    expect(store.getState().answersSeq).toBeNull();
  });
});

describe('a code that came with the address', () => {
  test('is used once, when the host asks for enrolment', async () => {
    store.enrolWith('UNO-DOS');
    expect(host.actions).toEqual([]);
    host.show(viewOf({ stage: 'starting' }));
    host.show(viewOf({ stage: 'not-enrolled' }));
    host.show(viewOf({ stage: 'not-enrolled' }));
    await settle();
    expect(host.actions).toEqual([{ type: 'enrol', code: 'UNO-DOS' }]);
    expect(store.getState().enrolling).toBe(false);
  });

  test('is thrown away on a device that is enrolled', () => {
    store.enrolWith('UNO-DOS');
    host.show(viewOf({ stage: 'signed-out' }));
    host.show(viewOf({ stage: 'not-enrolled' }));
    expect(host.actions).toEqual([]);
  });

  test('says why it was refused', async () => {
    host.answer('enrol', { ok: false, error: { code: 'code-used' } });
    host.show(viewOf({ stage: 'not-enrolled' }));
    store.enrolWith('UNO-DOS');
    expect(store.getState().enrolling).toBe(true);
    await settle();
    expect(store.getState().enrolProblem).toEqual({ code: 'code-used' });
  });
});

test('stops listening when disposed', () => {
  store.dispose();
  host.show(beforeExam('rules'));
  expect(store.getState().view).toBeNull();
});
