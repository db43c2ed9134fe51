import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { remainingMs } from '#shared/attempt/attempt-state.ts';
import type { EndingKind } from '#shared/wire/command.ts';
import type { ExamineeSignInResponse } from '#shared/wire/http.ts';
import {
  enrol,
  signIn,
  staffCookie,
  startServer,
  type TestDevice,
  type TestServer,
} from '#test/server/harness.ts';
import { NOW } from '#test/server/test-clock.ts';
import { Desk, Sitting } from './carried-ledger.ts';

// Copy attempts of a machine that is gone: dismissed wherever the person sits, and an exam that closed by them goes on.

const MINUTE = 60_000;

/** Those that the demo gives an accommodation are left out. */
const ORDINARY = Array.from({ length: 50 }, (_, index) => index + 8);

let server: TestServer;
let desk: Desk;
/** The machines of the room: one that fails, and others. */
let machines: readonly TestDevice[];
/** Everybody sits once. */
let person = 0;
const people = ORDINARY.values();

beforeAll(async () => {
  server = await startServer({ examinees: 60, identityCheck: 'by-hand', enrolmentCodes: 12 });
  desk = new Desk(server, await staffCookie(server, 'coordinator'));
  const all: TestDevice[] = [];
  for (let n = 0; n < 12; n += 1) all.push(await enrol(server, n, `PC-${n}`));
  machines = all;
});
afterAll(() => server.close());
beforeEach(() => {
  const next = people.next();
  if (next.done) throw new Error('nobody is left');
  person = next.value;
  server.clock.set(NOW);
});

/** One of the machines: each takes so many sign-ins a minute. */
const machine = (n: number): TestDevice => {
  const found = machines[(person % 4) * 3 + n];
  if (found === undefined) throw new Error('no such machine');
  return found;
};
const elsewhere = async (n = 1) => {
  const access = server.credentials.examinees[person];
  if (access === undefined) throw new Error('nobody');
  const answer = await signIn(server, machine(n), access);
  return answer.json() as ExamineeSignInResponse & { problem?: { code: string } };
};
const dismissed = (incidentId: string, attemptId: string) =>
  desk.order(attemptId, {
    type: 'dismiss',
    incidentId: incidentId as never,
    reason: 'Fue un error del sensor',
  });

/** The machine before, at twenty minutes of its exam, with so many copy attempts; closed by the last one at three. */
const sat = async (counts: number): Promise<Sitting> => {
  const sitting = await Sitting.begin(server, machine(0), person);
  for (let n = 1; n <= counts; n += 1) await sitting.copies((10 + n) * MINUTE);
  if (counts === 3) await sitting.closes('copy-attempts', left(sitting));
  server.clock.set(NOW + 20 * MINUTE);
  return sitting;
};
const left = ({ state }: Sitting): number => remainingMs(state, state.t) ?? 0;

type Step =
  | EndingKind
  | 'dismiss'
  | 'dismiss-again'
  | 'order-close'
  | 'dies'
  | 'back'
  | 'hangs-let-go'
  | 'hands-in'
  | 'time-over'
  | 'applies';

/** What happens, in this order, after the machine has counted so many; and how the sign-in elsewhere ends. */
const CASES: readonly {
  readonly counts: 0 | 1 | 2 | 3;
  readonly steps: readonly Step[];
  /** How many count on elsewhere; or why it is refused. */
  readonly ends: number | string;
}[] = [
  // Closed of itself, and the machine is gone.
  { counts: 3, steps: [], ends: 'attempt-closed' },
  { counts: 3, steps: ['let-go'], ends: 'attempt-closed' },
  { counts: 3, steps: ['dismiss'], ends: 'attempt-closed' },
  { counts: 3, steps: ['dismiss', 'let-go'], ends: 2 },
  { counts: 3, steps: ['let-go', 'dismiss'], ends: 2 },
  { counts: 3, steps: ['dismiss', 'dismiss-again', 'let-go'], ends: 1 },
  { counts: 3, steps: ['dismiss', 'let-go', 'dismiss-again'], ends: 1 },
  { counts: 3, steps: ['let-go', 'dismiss', 'dismiss-again'], ends: 1 },
  { counts: 3, steps: ['let-go', 'dismiss', 'closed'], ends: 'attempt-closed' },
  { counts: 3, steps: ['let-go', 'dismiss', 'revoked', 'let-go'], ends: 2 },
  // It comes back for a moment, and hears of what was decided.
  { counts: 3, steps: ['dismiss', 'back', 'applies', 'dies', 'let-go'], ends: 2 },
  { counts: 3, steps: ['let-go', 'dismiss', 'back', 'applies', 'dies'], ends: 2 },
  // It is connected and does not work.
  { counts: 3, steps: ['back', 'dismiss', 'hangs-let-go'], ends: 2 },
  { counts: 3, steps: ['back', 'hangs-let-go', 'dismiss'], ends: 2 },
  { counts: 1, steps: ['back', 'hangs-let-go'], ends: 1 },
  // Not closed when it went.
  { counts: 2, steps: ['let-go'], ends: 2 },
  { counts: 2, steps: ['dismiss', 'let-go'], ends: 1 },
  { counts: 2, steps: ['let-go', 'dismiss'], ends: 1 },
  { counts: 2, steps: ['closed', 'dismiss'], ends: 'attempt-closed' },
  { counts: 2, steps: ['closed', 'let-go', 'dismiss'], ends: 1 },
  { counts: 0, steps: ['let-go'], ends: 0 },
  // What is over stays over: handed in, out of time, closed by staff on the machine itself.
  { counts: 1, steps: ['hands-in', 'dismiss'], ends: 'attempt-closed' },
  { counts: 1, steps: ['time-over', 'dismiss'], ends: 'attempt-closed' },
  { counts: 1, steps: ['let-go', 'hands-in', 'dismiss'], ends: 'attempt-closed' },
  { counts: 1, steps: ['back', 'order-close', 'dies', 'dismiss'], ends: 'attempt-closed' },
];

const STEPS: Readonly<Record<Step, (sitting: Sitting) => Promise<unknown>>> = {
  'let-go': (sitting) => end('let-go', sitting),
  closed: (sitting) => end('closed', sitting),
  revoked: (sitting) => end('revoked', sitting),
  'hangs-let-go': async (sitting) => {
    expect(await end('let-go', sitting)).toMatchObject({ problem: { code: 'conflict' } });
    expect(await end('let-go', sitting, { cutOff: true })).toHaveProperty('id');
  },
  dismiss: (sitting) => dismissed(sitting.counted(0), sitting.id),
  'dismiss-again': (sitting) => dismissed(sitting.counted(1), sitting.id),
  'order-close': async (sitting) => {
    await desk.order(sitting.id, { type: 'close', reason: 'Se retira de la sala' });
    await sitting.answers('close');
    await sitting.closes('proctor', left(sitting));
  },
  dies: (sitting) => sitting.dies(desk),
  back: (sitting) => sitting.connects(),
  'hands-in': (sitting) => sitting.closes('examinee', left(sitting)),
  'time-over': (sitting) =>
    sitting.write(
      'attempt-closed',
      { by: 'time', remainingMs: 0 },
      sitting.state.durationMs + (sitting.state.startedT ?? 0),
    ),
  applies: (sitting) => sitting.answers('dismiss'),
};
const end = (ending: EndingKind, { id }: Sitting, more = {}) =>
  desk.order(id, { type: 'close', reason: 'El equipo no enciende', ending }, more);

describe('who may go on elsewhere, and with what', () => {
  test.each(CASES)('$counts counted, $steps: $ends', async ({ counts, steps, ends }) => {
    const sitting = await sat(counts);
    const stood = left(sitting);
    for (const step of steps) {
      await STEPS[step](sitting);
      // Time passes, and takes nothing away of what stood still.
      server.clock.advance(MINUTE / 2);
    }
    const { ticket, problem } = await elsewhere();
    if (typeof ends === 'string') {
      expect(problem).toMatchObject({ code: ends });
      return;
    }
    expect(problem).toBeUndefined();
    expect(ticket.attemptId).not.toBe(sitting.id);
    expect(ticket.policy.carried?.attempts).toHaveLength(ends);
    expect(ticket.policy.copyAttemptLimit).toBe(3 - ends);
    // What a machine that ran on had used is its own; what stood closed is whole.
    if (counts === 3 && !steps.includes('applies')) expect(ticket.exam.durationMs).toBe(stood);
    const { tile } = await desk.detail(ticket.attemptId);
    expect([tile.copyAttempts, tile.copyAttemptLimit]).toEqual([ends, 3]);
    expect((await desk.verified(sitting.id)).firstBroken).toBeNull();
  });
});

describe('a count that was carried', () => {
  /** The machine before with two counts, let go; and the one where the examinee goes on. */
  const carriedOn = async (): Promise<{ gone: Sitting; next: Sitting }> => {
    const gone = await sat(2);
    await end('let-go', gone);
    return { gone, next: await Sitting.begin(server, machine(1), person) };
  };
  const countOf = async (attemptId: string) => (await desk.detail(attemptId)).tile.copyAttempts;
  const dismissedBy = async (sitting: Sitting, n: number) =>
    (await desk.detail(sitting.id)).incidents.find(({ id }) => id === sitting.counted(n))
      ?.dismissed;
  const sound = async (...all: Sitting[]): Promise<void> => {
    for (const { id } of all) {
      const report = await desk.verified(id);
      expect(report.findings.filter(({ ok }) => !ok)).toEqual([]);
      expect((await desk.detail(id)).doubts).toMatchObject({ broken: null, contradictions: [] });
    }
  };
  const auditsOf = ({ id }: Sitting): unknown[] =>
    server.sqlite
      .prepare("SELECT detail FROM audit WHERE action = 'command-dismiss' AND subject = ?")
      .all(id);

  test.each([
    ['by its name there', (_: Sitting, next: Sitting) => dismissed('carried-1', next.id)],
    [
      'by its name on record',
      (gone: Sitting, next: Sitting) => dismissed(gone.counted(0), next.id),
    ],
    ['in the panel before', (gone: Sitting, _: Sitting) => dismissed(gone.counted(0), gone.id)],
  ] as const)('is dismissed %s: on both, and both say so', async (_, dismissIt) => {
    const { gone, next } = await carriedOn();
    expect(await countOf(next.id)).toBe(2);
    expect((await desk.verified(next.id)).carriedFrom).toEqual([gone.id, gone.id]);
    await next.connects();
    expect(await dismissIt(gone, next)).toHaveProperty('id');
    const order = await next.answers('dismiss');
    expect(order.command).toMatchObject({ incidentId: 'carried-1' });
    expect(order.command).not.toHaveProperty('reopens');
    expect(await countOf(next.id)).toBe(1);
    // On the machine that is gone it is dismissed at once, with who and why, and on record at both.
    expect(await dismissedBy(gone, 0)).toMatchObject({ reason: 'Fue un error del sensor' });
    expect([auditsOf(gone), auditsOf(next)].map((rows) => rows.length)).toEqual([1, 1]);
    await sound(gone, next);
    // If it ever comes back it hears of it, and stays as staff ended it.
    await gone.connects();
    const late = await gone.answers('dismiss');
    expect(late.command).toMatchObject({ incidentId: gone.counted(0), reopens: false });
    expect(gone.state.copyAttempts).toBe(1);
    await sound(gone);
    await Promise.all([gone.dies(desk), next.dies(desk)]);
  });

  test('the exam that it closed reopens, on line and later; the limit stays three', async () => {
    const { gone, next } = await carriedOn();
    await next.copies(2 * MINUTE);
    await next.closes('copy-attempts', left(next));
    expect((await desk.detail(next.id)).tile).toMatchObject({
      closedBy: 'copy-attempts',
      copyAttempts: 3,
      copyAttemptLimit: 3,
    });
    // Its machine is off line: the order waits for it.
    await dismissed(gone.counted(1), next.id);
    expect(await countOf(next.id)).toBe(3);
    await next.answers('dismiss');
    expect((await desk.detail(next.id)).tile).toMatchObject({
      phase: 'in-progress',
      copyAttempts: 2,
    });
    await next.write('gate-passed', {});
    await next.copies(9 * MINUTE);
    await next.closes('copy-attempts', left(next));
    expect((await desk.detail(next.id)).tile).toMatchObject({ phase: 'closed', copyAttempts: 3 });
    // Numbers go on over the machines: none twice.
    const { incidents } = await desk.detail(next.id);
    const numbers = incidents.flatMap(({ copyAttempt }) => copyAttempt ?? []);
    expect(numbers.sort()).toEqual([1, 2, 3, 4]);
    await sound(gone, next);
    await next.dies(desk);
  });

  test('goes on to a third machine, and is dismissed in all three', async () => {
    const { gone, next } = await carriedOn();
    await next.copies(2 * MINUTE);
    await next.closes('copy-attempts', left(next));
    await end('let-go', next);
    expect((await elsewhere(2)).problem).toMatchObject({ code: 'attempt-closed' });
    await dismissed(gone.counted(0), next.id);
    const third = await Sitting.begin(server, machine(2), person);
    const { policy } = third.kiosk.ticket;
    expect(policy.carried?.attempts).toMatchObject([
      { id: 'carried-1', attemptId: gone.id, incidentId: gone.counted(1) },
      { id: 'carried-2', attemptId: next.id, incidentId: next.counted(0) },
    ]);
    await dismissed(gone.counted(1), gone.id);
    await dismissed('carried-2', third.id);
    expect((await third.answers('dismiss')).command).toMatchObject({ incidentId: 'carried-1' });
    expect((await third.answers('dismiss')).command).toMatchObject({ incidentId: 'carried-2' });
    expect(await countOf(third.id)).toBe(0);
    expect([auditsOf(gone), auditsOf(next), auditsOf(third)].map((rows) => rows.length)).toEqual([
      2, 3, 2,
    ]);
    await sound(gone, next, third);
    await third.dies(desk);
  });

  test('a kiosk of before does not find it, harms nobody by that, and can be let go', async () => {
    const { gone, next } = await carriedOn();
    await next.copies(2 * MINUTE);
    await next.closes('copy-attempts', left(next));
    await next.connects();
    await dismissed('carried-1', next.id);
    await next.answers('dismiss', 'rejected', 'not-found');
    await sound(gone, next);
    expect((await desk.detail(next.id)).tile).toMatchObject({ phase: 'closed', copyAttempts: 3 });
    expect(await end('let-go', next, { cutOff: true })).toHaveProperty('id');
    expect((await elsewhere(2)).ticket.policy.carried?.attempts).toHaveLength(2);
    await next.dies(desk);
  });

  test('the same order again is the same, whatever it is called; another incident is none', async () => {
    const { gone, next } = await carriedOn();
    const key = `key-of-the-order-${person}`;
    const command = { type: 'dismiss', reason: 'Fue un error' } as const;
    const first = await desk.order(
      next.id,
      { ...command, incidentId: 'carried-1' as never },
      { key },
    );
    const again = await desk.order(next.id, { ...command, incidentId: gone.counted(0) }, { key });
    expect(again).toEqual(first);
    expect(
      await desk.order(next.id, { ...command, incidentId: gone.counted(1) }, { key }),
    ).toMatchObject({ problem: { code: 'conflict' } });
    for (const unknown of ['carried-3', 'carried-0', 'nothing:1'])
      expect(await dismissed(unknown, next.id)).toMatchObject({ problem: { code: 'not-found' } });
    expect([auditsOf(gone), auditsOf(next)].map((rows) => rows.length)).toEqual([1, 1]);
  });

  test('whoever dismisses in the moment of the sign-in: it counts nowhere', async () => {
    const gone = await sat(2);
    await end('let-go', gone);
    const [, { ticket }] = await Promise.all([dismissed(gone.counted(0), gone.id), elsewhere()]);
    const carried = ticket.policy.carried?.attempts.length ?? 0;
    const orders = (await desk.detail(ticket.attemptId)).commands;
    expect(carried - orders.length).toBe(1);
  });
});

test.each(['closed', 'revoked', 'let-go'] as const)(
  '%s in the moment in which it has just been carried on: refused, and on no record',
  async (ending) => {
    const gone = await sat(1);
    await end('let-go', gone);
    const { registry } = server.deps;
    const { registration } = registry;
    let ended: Awaited<ReturnType<typeof end>> | null = null;
    Object.assign(registry, {
      registration: async (id: typeof gone.id) => {
        const found = await registration(id);
        // Stored, and memory does not know it yet.
        if (id !== gone.id || found?.carriedOnBy === null || ended !== null) return found;
        ended = {};
        ended = await end(ending, gone);
        return found;
      },
    });
    const { ticket } = await elsewhere();
    Object.assign(registry, { registration });
    expect(ended).toMatchObject({ problem: { code: 'conflict' } });
    expect((await desk.detail(gone.id)).commands).toHaveLength(1);
    expect((await desk.detail(ticket.attemptId)).tile.phase).not.toBe('closed');
  },
);

describe('the time that was left', () => {
  test('is what it was at the letting go, whatever comes back before the sign-in', async () => {
    const gone = await sat(1);
    await end('let-go', gone);
    const stood = left(gone);
    server.clock.advance(15 * MINUTE);
    await gone.connects();
    await gone.write('question-visited', { questionId: 'q-1' as never }, 33 * MINUTE);
    await gone.dies(desk);
    // Put right twice: the time stands still since the first decision.
    await end('closed', gone);
    await end('let-go', gone);
    expect((await elsewhere()).ticket.exam.durationMs).toBe(stood);
  });

  /** Minutes with a dismissal of the `n`-th copy attempt. */
  const gives = (n: number, minutes: number) => (sitting: Sitting) =>
    desk.order(sitting.id, {
      type: 'dismiss',
      incidentId: sitting.counted(n),
      reason: 'Fue un error del sensor',
      ...(minutes > 0 ? { extraMs: minutes * MINUTE } : {}),
    });
  const step = (name: Step) => STEPS[name];
  const conflict = (sitting: Sitting) => sitting.answers('dismiss', 'rejected', 'attempt-closed');
  const closesByOrder = async (sitting: Sitting) => {
    await sitting.answers('close');
    await sitting.closes('proctor', left(sitting));
  };
  const copiesAgain = async (sitting: Sitting) => {
    await sitting.write('gate-passed', {});
    await sitting.copies(sitting.state.t + MINUTE);
    await sitting.closes('copy-attempts', left(sitting));
  };

  // As the kiosk itself gives them: the dismissal that brings the exam under the limit, and no other.
  test.each<[string, readonly ((sitting: Sitting) => Promise<unknown>)[], number]>([
    ['of one before', [gives(0, 5), step('let-go')], 5],
    ['of one after', [step('let-go'), gives(0, 5)], 5],
    ['of the first of two before', [gives(0, 5), gives(1, 7), step('let-go')], 5],
    ['of the first of two after', [step('let-go'), gives(0, 5), gives(1, 7)], 5],
    ['of the first, one before and one after', [gives(0, 5), step('let-go'), gives(1, 7)], 5],
    ['of none when the first gives none', [gives(0, 0), step('let-go'), gives(1, 7)], 0],
    ['with decisions that put each other right', [step('closed'), gives(0, 5), step('let-go')], 5],
    [
      'which the machine heard of before the sign-in',
      [step('let-go'), gives(0, 5), step('back'), step('applies'), step('dies')],
      5,
    ],
    [
      'which the machine took before it heard that it is over',
      [gives(0, 5), step('let-go'), step('back'), step('applies'), closesByOrder, step('dies')],
      5,
    ],
    [
      'of what the machine refused: none',
      [
        ...[gives(0, 0), gives(0, 9), step('back'), step('applies'), conflict, copiesAgain],
        ...[step('dies'), step('let-go'), gives(1, 0)],
      ],
      0,
    ],
    [
      'of each closing, where it reopened between',
      [
        ...[gives(0, 2), step('back'), step('applies'), copiesAgain],
        ...[step('dies'), gives(1, 3), step('let-go')],
      ],
      3,
    ],
  ])('with the minutes %s', async (_name, steps, minutes) => {
    const gone = await sat(3);
    let stood = left(gone);
    for (const act of steps) {
      await act(gone);
      if (act === copiesAgain) stood = left(gone);
      server.clock.advance(MINUTE / 4);
    }
    const { ticket, problem } = await elsewhere();
    expect(problem).toBeUndefined();
    expect(ticket.exam.durationMs - stood).toBe(minutes * MINUTE);
    expect((await desk.verified(gone.id)).firstBroken).toBeNull();
  });
});
