import { afterAll, beforeAll, expect, test } from 'vitest';
import { remainingMs } from '#shared/attempt/attempt-state.ts';
import type { ExamineeSignInResponse } from '#shared/wire/http.ts';
import { enrol, signIn, staffCookie, startServer, type TestServer } from '#test/server/harness.ts';
import { NOW } from '#test/server/test-clock.ts';
import { Desk, Sitting } from './carried-ledger.ts';

// Two persons decide in one moment: the second order is stored while memory has not heard of the first.

const MINUTE = 60_000;
/** Those that the demo gives an accommodation are left out. */
const people = [8, 9, 10].values();

let server: TestServer;
let desk: Desk;
beforeAll(async () => {
  server = await startServer({ examinees: 20, identityCheck: 'by-hand', enrolmentCodes: 20 });
  desk = new Desk(server, await staffCookie(server, 'coordinator'));
});
afterAll(() => server.close());

/** `second` is decided when `first` is stored, and before anybody is told of it. */
const inOneMoment = async <T>(first: () => Promise<T>, second: () => Promise<T>): Promise<T[]> => {
  const { store } = server.deps;
  const { transaction } = store;
  const answers: T[] = [];
  const between: typeof transaction = async (work) => {
    Object.assign(store, { transaction });
    const stored = await transaction.call(store, work);
    answers.push(await second());
    return stored as never;
  };
  Object.assign(store, { transaction: between });
  answers.push(await first());
  return answers;
};

const letGo = (sitting: Sitting) =>
  desk.order(sitting.id, { type: 'close', reason: 'No enciende', ending: 'let-go' });
const gives = (n: number, minutes: number) => (sitting: Sitting) =>
  desk.order(sitting.id, {
    type: 'dismiss',
    incidentId: sitting.counted(n),
    reason: 'Fue un error del sensor',
    extraMs: minutes * MINUTE,
  });

type Act = (sitting: Sitting) => ReturnType<typeof letGo>;

test.each<[string, readonly Act[], readonly [Act, Act], number]>([
  ['a dismissal, and a letting go that does not know it', [], [gives(0, 5), letGo], 5],
  ['a letting go, and a dismissal that does not know it', [], [letGo, gives(0, 5)], 5],
  ['two dismissals of a machine that was let go', [letGo], [gives(0, 5), gives(1, 7)], 5],
])('%s: the minutes are those of the orders as stored', async (...row) => {
  const [, before, [first, second], minutes] = row;
  const person = people.next().value ?? 0;
  server.clock.set(NOW);
  const gone = await Sitting.begin(
    server,
    await enrol(server, 2 * person - 16, `PC-${person}`),
    person,
  );
  for (let n = 1; n <= 3; n += 1) await gone.copies((10 + n) * MINUTE);
  const stood = () => remainingMs(gone.state, gone.state.t) ?? 0;
  await gone.closes('copy-attempts', stood());
  const left = stood();
  server.clock.set(NOW + 20 * MINUTE);
  for (const act of before) await act(gone);
  for (const answer of await inOneMoment(
    () => first(gone),
    () => second(gone),
  ))
    expect(answer.problem).toBeUndefined();
  const access = server.credentials.examinees[person];
  if (access === undefined) throw new Error('nobody');
  const machine = await enrol(server, 2 * person - 15, `PC-${person}-b`);
  const { ticket } = (await signIn(server, machine, access)).json() as ExamineeSignInResponse;
  expect(ticket.exam.durationMs - left).toBe(minutes * MINUTE);
});
