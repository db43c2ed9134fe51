import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Signal } from '#shared/ports/sensor.port.ts';
import { templateFor } from '#test/support/fake/face-capture.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

const KINDS: readonly IncidentKind[] = [
  'focus-lost',
  'clipboard',
  'screenshot',
  'extra-display',
  'peripheral',
  'outside-input',
  'no-face',
  'connectivity-lost',
];

type Order = 'pause' | 'resume' | 'dismiss' | 'room-scan' | 'identity' | 'release';

type Step =
  | { readonly do: 'signal'; readonly signal: Signal }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'faces'; readonly faces: number | null }
  | { readonly do: 'order'; readonly order: Order }
  | { readonly do: 'act'; readonly act: 'begin-room-scan' | 'refuse-room-scan' }
  | { readonly do: 'person'; readonly person: number }
  | { readonly do: 'crash' | 'sleep' | 'suspend'; readonly ms: number };

const ms = (max: number) => fc.integer({ min: 0, max });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('signal' as const),
      signal: fc.record({
        kind: fc.constantFrom(...KINDS),
        phase: fc.constantFrom('began' as const, 'ended' as const, 'happened' as const),
        ageMs: fc.oneof(fc.constant(0), ms(3_000)),
        facts: fc.constant({}),
      }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: ms(1_500) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: ms(20_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('faces' as const),
      faces: fc.constantFrom(0, 1, 2, null),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      order: fc.constantFrom<Order>(
        'pause',
        'resume',
        'dismiss',
        'room-scan',
        'room-scan',
        'identity',
        'release',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      act: fc.constantFrom('begin-room-scan' as const, 'refuse-room-scan' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('person' as const),
      person: fc.constantFrom(1, 2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('crash' as const, 'sleep' as const, 'suspend' as const),
      ms: ms(30_000),
    }),
  },
);

const order = (world: FakeWorld, type: Order): void => {
  const reason = 'simulacro';
  const standing = world.view.attempt?.incidents.findLast(
    ({ copyAttempt, dismissed }) => copyAttempt !== null && dismissed === null,
  );
  if (type === 'identity') {
    const decided = { decision: 'verified-in-person', authorisedBy: null } as const;
    world.server.command(world.attemptId, { type, ...decided, reason });
  } else if (type !== 'dismiss') world.server.command(world.attemptId, { type, reason });
  else if (standing !== undefined) {
    world.server.command(world.attemptId, { type, incidentId: standing.id, reason });
  }
};

const take = async (world: FakeWorld, next: Step): Promise<void> => {
  if (next.do === 'signal') world.engine.signal(next.signal);
  else if (next.do === 'faces') world.faces = next.faces;
  else if (next.do === 'order') order(world, next.order);
  else if (next.do === 'act') await world.do({ type: next.act });
  else if (next.do === 'person') world.person = next.person;
  else if (next.do === 'crash') await world.crash(next.ms);
  else if (next.do === 'sleep') world.time.sleep(next.ms);
  else if (next.do === 'suspend') world.time.suspend(next.ms);
  else await world.time.advance(next.ms);
};

describe('the ledger and its replay', () => {
  it('agree whatever the sensors say and people order', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const world = new FakeWorld({
          identity: { check: 'face', enrolled: true, challenge: true },
          template: templateFor(1),
        });
        await world.toWaiting();
        await world.checkIdentity();
        await world.must({ type: 'start-exam' });
        for (const next of steps) await take(world, next);
        // However it stands now: a view of the room is asked for while something lasts, and is refused.
        world.sensor.begin('peripheral');
        order(world, 'room-scan');
        await world.time.advance(2_000);
        await world.do({ type: 'refuse-room-scan' });
        await world.time.advance(2_000);
        world.sensor.end('peripheral');
        world.faces = 1;
        await world.time.advance(30_000);
        world.faces = 0;
        await world.time.advance(8_000);
        await world.do({ type: 'submit' });
        await world.time.advance(30_000);
        const { attempt } = world.view;
        const limit = attempt?.policy?.copyAttemptLimit ?? 0;
        expect((attempt?.copyAttempts ?? 0) >= limit).toBe(attempt?.closedBy === 'copy-attempts');
        expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
        await expectArrived(world);
      }),
      { numRuns: 60 },
    );
  });

  it('agree when the end of something is found out after it became an incident', async () => {
    for (let lateMs = 300; lateMs <= 400; lateMs += 10) {
      const world = new FakeWorld();
      await world.toExam();
      await world.time.advance(5_000);
      world.sensor.begin('focus-lost');
      await world.time.advance(lateMs);
      world.engine.signal({ kind: 'focus-lost', phase: 'ended', ageMs: 150, facts: {} });
      await world.time.advance(10_000);
      await expectArrived(world);
    }
  });
});
