import { expect, test } from 'vitest';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import { liveAttempts } from '#server/record/live-attempts.ts';
import type { Registration } from '#server/record/registry-ports.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { kiosk, NOW, startServer } from '#test/server/harness.ts';
import { collectGarbage } from '#test/support/collect-garbage.ts';

/** Attempts of a real store, a small cache, and how often each was read. */
const cache = async (kept: number) => {
  const server = await startServer();
  const ids = server.sqlite
    .prepare<[], string>('SELECT id FROM attempts ORDER BY id LIMIT 12')
    .pluck()
    .all() as AttemptId[];
  const reads = new Map<string, number>();
  const { registry, records, entryLog: log } = server.deps;
  const attempts = liveAttempts({
    registry,
    records,
    kept,
    tampered: () => {},
    log: {
      read: (attemptId, afterSeq) => {
        reads.set(attemptId, (reads.get(attemptId) ?? 0) + 1);
        return log.read(attemptId, afterSeq);
      },
    },
  });
  return { server, ids, reads, attempts };
};

const at = (ids: readonly AttemptId[], i: number): AttemptId => ids[i] ?? ('none' as AttemptId);

test('those asked for last stay; the others leave and are read again', async () => {
  const { server, ids, reads, attempts } = await cache(3);
  for (const attemptId of ids) await attempts.load(attemptId);
  await collectGarbage();
  for (const attemptId of ids.slice(-3)) await attempts.load(attemptId);
  expect(ids.slice(-3).map((id) => reads.get(id))).toEqual([1, 1, 1]);
  await attempts.load(at(ids, 0));
  expect(reads.get(at(ids, 0))).toBe(2);
  await server.close();
});

test('what somebody holds is the one that everybody gets, however small the cache', async () => {
  const { server, ids, reads, attempts } = await cache(0);
  const held = await attempts.load(at(ids, 0));
  for (const attemptId of ids) await attempts.load(attemptId);
  await collectGarbage();
  expect(await attempts.load(at(ids, 0))).toBe(held);
  expect(reads.get(at(ids, 0))).toBe(1);
  expect(held?.registration.attemptId).toBe(at(ids, 0));
  await server.close();
});

test('two who ask at once get the same one', async () => {
  const { server, ids, attempts } = await cache(0);
  const both = await Promise.all([attempts.load(at(ids, 0)), attempts.load(at(ids, 0))]);
  expect(both[0]).toBe(both[1]);
  expect(await attempts.load('nobody' as AttemptId)).toBeNull();
  await server.close();
});

test('what no store tells comes back with its attempt, for a day after the shift', async () => {
  const { server, ids, attempts } = await cache(0);
  const hear = (attempt: LiveAttempt | null): void => {
    if (attempt !== null) Object.assign(attempt.presence, { heardAt: 5, gap: true });
  };
  hear(await attempts.load(at(ids, 0)));
  await collectGarbage();
  attempts.sweep(NOW);
  expect((await attempts.load(at(ids, 0)))?.presence).toMatchObject({ heardAt: 5, gap: true });
  await collectGarbage();
  attempts.sweep(NOW + 5 * 24 * 60 * MINUTE);
  expect((await attempts.load(at(ids, 0)))?.presence).toMatchObject({ heardAt: null, gap: false });
  await server.close();
});

test('a registration that changes while it is read is read again', async () => {
  const server = await startServer();
  const { attemptId } = await kiosk(server);
  const { registry, records, entryLog: log } = server.deps;
  const first = (await registry.registration(attemptId)) as Registration;
  let registration: Registration = { ...first, seat: 'before' };
  let change: () => Promise<void> = async () => {};
  const attempts = liveAttempts({
    registry: { registration: async () => registration },
    records,
    tampered: () => {},
    log: {
      read: async (id, afterSeq) => {
        await change();
        return log.read(id, afterSeq);
      },
    },
  });
  const changed = async (seat: string): Promise<void> => {
    registration = { ...first, seat };
    await attempts.refreshWhere(() => true);
  };
  change = () => changed('meanwhile');
  const attempt = await attempts.load(attemptId);
  expect(attempt?.registration.seat).toBe('meanwhile');
  await changed('later');
  expect(attempt?.registration.seat).toBe('later');
  await server.close();
});

test('memory catches up with what another wrote into the log', async () => {
  const server = await startServer();
  const examinee = await kiosk(server);
  const { registry, records, entryLog: log, clock } = server.deps;
  const attempts = liveAttempts({ registry, records, log, tampered: () => {} });
  const attempt = await attempts.load(examinee.attemptId);
  if (attempt === null) throw new Error('no such attempt');
  const entries = [examinee.opened(), ...examinee.visits(3)];
  await log.append(
    entries.map((entry) => ({ entry, text: JSON.stringify(entry) })),
    [],
    clock.now(),
  );
  expect(attempt.state.seq).toBe(0);
  expect(await attempts.readOn(attempt)).toBe(true);
  expect(attempt.state).toMatchObject({ seq: 4, hash: entries[3]?.hash });
  expect(await attempts.readOn(attempt)).toBe(false);
  await server.close();
});
