import { describe, expect, it } from 'vitest';
import { MINUTE } from '#shared/kernel/time.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';

describe('small pictures for the room', () => {
  it.each<[string, ConstructorParameters<typeof FakeWorld>[0], number]>([
    ['not where the exam does not allow them', {}, 0],
    ['where it does: two a minute', { thumbnails: true }, 4],
    ['never of who is exempt from the camera', { thumbnails: true, cameraExempt: true }, 0],
  ])('%s', async (_, exam, sent) => {
    const world = new FakeWorld(exam);
    if (exam?.cameraExempt === true) world.faces = null;
    await world.toExam();
    await world.time.advance(2 * MINUTE + 5_000);
    expect(world.server.thumbnails).toHaveLength(sent);
  });

  it('nothing before the start, nothing after the end, nothing old', async () => {
    const world = new FakeWorld({ thumbnails: true });
    await world.toWaiting();
    await world.time.advance(MINUTE);
    expect(world.server.thumbnails).toHaveLength(0);
    await world.must({ type: 'start-exam' });
    await world.time.advance(MINUTE);
    const sent = world.server.thumbnails.length;
    expect(sent).toBeGreaterThan(0);
    await world.must({ type: 'submit' });
    await world.time.advance(2 * MINUTE);
    expect(world.server.thumbnails).toHaveLength(sent);
  });

  it('they leave no trace in the ledger or among the evidence', async () => {
    const world = new FakeWorld({ thumbnails: true });
    await world.toExam();
    await world.time.advance(3 * MINUTE);
    expect(world.types()).not.toContain('thumbnail');
    // The framing's own picture is all that was kept.
    expect(world.server.evidence.size).toBe(1);
  });
});
