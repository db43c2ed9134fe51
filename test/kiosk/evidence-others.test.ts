import { describe, expect, it } from 'vitest';
import type { FactData } from '#shared/wire/facts.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';

/** The evidence of the first incident of a kind. */
const evidenceOf = (world: FakeWorld, kind: string) =>
  world.entries
    .filter(({ type }) => type === 'incident-opened')
    .map(({ data }) => data as unknown as FactData<'incident-opened'>)
    .find(({ incident }) => incident.kind === kind)?.evidence ?? [];

describe('other people in the evidence', () => {
  it('their places are noted beside the picture, so that a report can hide them', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(5_000);
    world.faces = 3;
    await world.time.advance(4_000);
    const last = evidenceOf(world, 'several-faces').at(-1);
    expect(last?.others).toHaveLength(2);
    for (const { width, height } of last?.others ?? []) expect(width * height).toBeGreaterThan(0);
  });

  it('a picture of the examinee alone notes nobody', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.copyAttempt();
    const evidence = evidenceOf(world, 'clipboard');
    expect(evidence.length).toBeGreaterThan(0);
    for (const one of evidence) expect(one).not.toHaveProperty('others');
  });
});
