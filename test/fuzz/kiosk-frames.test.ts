import { describe, expect, test } from 'vitest';
import { check } from '#shared/kernel/schema.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import { ServerToKioskSchema } from '#shared/wire/kiosk-socket.ts';
import { expectSound } from '#test/kiosk/world.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { amount, patience, RUN, SEED } from './amount.ts';
import { pick, type Random, randomOf } from './from-schema.ts';
import { said, variant } from './messages.ts';

const KIOSKS = amount(20);
const FRAMES = 80;
/** What an exam may have been told: a busy proctor's orders, ten times over. */
const MOST_COMMANDS = FRAMES + 10;

/** What a server says; an order is for this attempt, so that it is not put aside unread. */
const frameBy = (random: Random, attemptId: string): unknown => {
  const type = pick(random, ['ack', 'command', 'command', 'heartbeat-ack', 'refused', 'welcome']);
  const frame = said(variant(ServerToKioskSchema, type), random) as {
    readonly issued?: IssuedCommand;
  } | null;
  const ours = typeof frame?.issued === 'object' && frame.issued !== null && random() < 0.8;
  return ours ? { ...frame, issued: { ...frame.issued, attemptId } } : frame;
};

describe('a kiosk whose server says whatever the schemas let through, and what they do not', () => {
  test(
    `${KIOSKS} exams of ${FRAMES} messages: each goes on, its ledger stands, what it keeps has an end`,
    async () => {
      const random = randomOf(SEED + 30);
      let orders = 0;
      for (let n = 0; n < KIOSKS; n += 1) {
        const world = new FakeWorld();
        await world.toExam();
        let fits = 0;
        for (let i = 0; i < FRAMES; i += 1) {
          const frame = frameBy(random, world.attemptId);
          if (check(ServerToKioskSchema, frame).ok) fits += 1;
          world.server.say(world.attemptId, frame);
          if (i % 4 === 0) await world.time.advance(300);
        }
        await world.time.advance(30_000);
        const what = `kiosk ${n}; ${RUN}`;
        expect(fits, what).toBeGreaterThan(FRAMES / 3);
        // A server that calls a signature wrong is believed: sending stops, and staff are told.
        const failed = world.log.filter(
          (line) => line.startsWith('error') && !line.includes('entries are no longer sent'),
        );
        expect(failed, what).toEqual([]);
        await expectSound(world);
        expect(world.view.attempt, what).not.toBeNull();
        expect(world.count('command-applied'), what).toBeLessThanOrEqual(MOST_COMMANDS);
        orders += world.count('command-applied');
      }
      expect(orders).toBeGreaterThan(KIOSKS);
    },
    patience(10_000),
  );
});
