import { describe, expect, it } from 'vitest';
import { cameraSample } from '#test/support/fake/camera-sample.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { FAKE_CODE, FAKE_SECRET } from '#test/support/fake/fake-server.ts';
import { expectArrived } from './world.ts';

const camera = (world: FakeWorld) => world.view.requirements.find(({ id }) => id === 'camera');
const found = (world: FakeWorld) =>
  (world.view.attempt?.incidents ?? []).map(({ kind, facts, counted, endedT }) => ({
    kind,
    facts,
    counted,
    ended: endedT !== null,
  }));

describe('a virtual camera', () => {
  it('fails the device check by its name, until another one is chosen', async () => {
    const world = new FakeWorld();
    world.label = 'OBS Virtual Camera';
    await world.start();
    await world.must({ type: 'enrol', code: FAKE_CODE });
    await world.must({ type: 'sign-in', document: world.document, secret: FAKE_SECRET });
    await world.time.advance(1_000);
    await world.must({ type: 'check-device' });
    await world.time.advance(1_000);
    expect(camera(world)).toEqual({
      id: 'camera',
      outcome: 'failed',
      cause: 'virtual',
      names: ['OBS Virtual Camera'],
      blocks: true,
    });
    expect(await world.do({ type: 'accept-device' })).toMatchObject({ ok: false });
    world.label = 'Integrated Camera (04f2:b6d9)';
    await world.time.advance(1_000);
    expect(camera(world)?.outcome).toBe('ok');
    await world.must({ type: 'accept-device' });
  });

  it('that is chosen during the exam is for people to judge', async () => {
    const world = new FakeWorld();
    world.label = 'Integrated Camera';
    await world.toExam();
    await world.time.advance(10_000);
    world.label = 'ManyCam Video Source';
    await world.time.advance(10_000);
    world.label = 'Integrated Camera';
    await world.time.advance(10_000);
    const facts = { sign: 'name', program: 'ManyCam', device: 'ManyCam Video Source' };
    expect(found(world)).toEqual([{ kind: 'virtual-camera', facts, counted: false, ended: true }]);
    await expectArrived(world);
  });

  it('is known by frames that come again and again', async () => {
    const world = new FakeWorld();
    await world.toExam();
    const loop = Array.from({ length: 40 }, (_, i) => cameraSample(1, i % 5));
    world.film = loop;
    await world.time.advance(300_000);
    expect(found(world)).toEqual([
      {
        kind: 'virtual-camera',
        facts: { sign: 'repeats', share: 1 },
        counted: false,
        ended: false,
      },
    ]);
    expect(world.view.attempt?.copyAttempts).toBe(0);
    // Another camera has nothing to do with it.
    world.film = null;
    world.label = 'Integrated Camera';
    await world.time.advance(6_000);
    expect(found(world)).toMatchObject([{ kind: 'virtual-camera', ended: true }]);
    await expectArrived(world);
  });
});
