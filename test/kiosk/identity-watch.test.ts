import { describe, expect, it } from 'vitest';
import type { IdentitySettings } from '#shared/identity/identity-facts.ts';
import { templateFor } from '#test/support/fake/face-capture.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

const FACE: IdentitySettings = { check: 'face', enrolled: true, challenge: true };
const MINUTE = 60_000;

/** In an exam that person 1 was let in to, by the face. */
const byFace = async (): Promise<FakeWorld> => {
  const world = new FakeWorld({ identity: FACE, template: templateFor(1) });
  await world.toWaiting();
  expect(await world.checkIdentity()).toBe('verified');
  await world.must({ type: 'start-exam' });
  return world;
};

const decide = async (world: FakeWorld, decision: 'verified-in-person' | 'refused') => {
  world.server.command(world.attemptId, {
    type: 'identity',
    decision,
    authorisedBy: null,
    reason: 'Comparé la cédula con la cara',
  });
  await world.time.advance(3_000);
};

/** In an exam that person 3, who is not enrolled, was let in to by the proctor. */
const byPerson = async (): Promise<FakeWorld> => {
  const world = new FakeWorld({ identity: { ...FACE, enrolled: false } });
  world.person = 3;
  await world.toWaiting();
  await world.checkIdentity();
  await decide(world, 'verified-in-person');
  await world.must({ type: 'start-exam' });
  return world;
};

const found = (world: FakeWorld) =>
  (world.view.attempt?.incidents ?? []).map(({ kind, facts, counted, endedT, evidence }) => ({
    kind,
    sign: facts.sign ?? facts.reference,
    counted,
    ended: endedT !== null,
    pictures: evidence.length > 0,
  }));

const MISMATCH = { kind: 'identity-mismatch', counted: false, pictures: true };

describe('who sits there during the exam', () => {
  it('is asked every ten seconds, and never reported while it is the same person', async () => {
    const world = await byFace();
    expect(world.view.captureEveryMs).toBe(10_000);
    await world.time.advance(50 * MINUTE);
    expect(found(world)).toEqual([]);
    await world.must({ type: 'submit' });
    expect(world.view.captureEveryMs).toBeNull();
    await world.time.advance(5_000);
    await expectArrived(world);
  });

  it('is for people to judge after a change of person, and never counts', async () => {
    const world = await byFace();
    await world.time.advance(5 * MINUTE);
    world.person = 2;
    await world.time.advance(2 * MINUTE);
    expect(found(world)).toEqual([{ ...MISMATCH, sign: 'template', ended: false }]);
    expect(world.view.attempt?.copyAttempts).toBe(0);
    world.person = 1;
    await world.time.advance(3 * MINUTE);
    expect(found(world)).toEqual([{ ...MISMATCH, sign: 'template', ended: true }]);
    await expectArrived(world);
  });

  it('that a person verified meanwhile is not reported again, the next one is', async () => {
    const world = await byFace();
    world.person = 2;
    await world.time.advance(3 * MINUTE);
    await decide(world, 'verified-in-person');
    await world.time.advance(20 * MINUTE);
    expect(found(world)).toEqual([{ ...MISMATCH, sign: 'template', ended: true }]);
    world.person = 4;
    await world.time.advance(3 * MINUTE);
    expect(found(world).map(({ sign }) => sign)).toEqual(['template', 'anchor']);
    await expectArrived(world);
  });

  it('is compared with whom the proctor let in, also across a restart', async () => {
    const world = await byPerson();
    await world.time.advance(10 * MINUTE);
    expect(found(world)).toEqual([]);
    await world.crash();
    world.person = 4;
    await world.time.advance(3 * MINUTE);
    expect(found(world)).toEqual([{ ...MISMATCH, sign: 'anchor', ended: false }]);
    await world.must({ type: 'submit' });
    await world.must({ type: 'sign-out' });
    await world.time.advance(1_000);
    expect(JSON.stringify([...world.store.values])).not.toContain('descriptor');
  });

  it('is compared anew after a restart where somebody else sits', async () => {
    const world = await byFace();
    await world.time.advance(5 * MINUTE);
    await world.crash();
    world.person = 2;
    await world.time.advance(3 * MINUTE);
    expect(found(world)).toEqual([{ ...MISMATCH, sign: 'template', ended: false }]);
    await expectArrived(world);
  });

  it('is not asked while the exam stands still', async () => {
    const world = await byFace();
    world.server.command(world.attemptId, { type: 'pause', reason: 'corte de luz' });
    await world.time.advance(3_000);
    expect(world.view.captureEveryMs).toBeNull();
    world.person = 2;
    await world.time.advance(5 * MINUTE);
    expect(found(world)).toEqual([]);
  });

  it('is not compared where the room checks by hand, whatever a page sends', async () => {
    const world = new FakeWorld({
      identity: { ...FACE, check: 'by-hand' },
      template: templateFor(1),
    });
    world.person = 2;
    world.photograph = true;
    await world.toExam();
    expect(world.view.captureEveryMs).toBeNull();
    await world.time.advance(15 * MINUTE);
    expect(found(world)).toEqual([]);
  });

  it('that nothing of moves for three minutes may be a photograph: told once', async () => {
    const world = await byFace();
    world.photograph = true;
    await world.time.advance(10 * MINUTE);
    expect(found(world)).toEqual([{ ...MISMATCH, sign: 'photograph', ended: true }]);
    expect(world.view.attempt?.copyAttempts).toBe(0);
    await expectArrived(world);
  });
});
