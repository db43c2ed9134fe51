import { describe, expect, it } from 'vitest';
import { createKioskEngine, type KioskEngine } from '#shared/kiosk/engine.ts';
import { createSensorCrew } from '#shared/kiosk/machine/sensor-crew.ts';
import type { SensorTells, Signal } from '#shared/ports/sensor.port.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { FAKE_CODE, FAKE_SECRET } from '#test/support/fake/fake-server.ts';

/** A sensor that says after a while that it cannot do its work here. */
const limitedSensor = (afterMs: number, world: FakeWorld) => ({
  id: 'windows',
  watches: ['forbidden-app'] as const,
  running: false,
  emit: (_: Signal): void => undefined,
  start(emit: (signal: Signal) => void, tell: SensorTells): void {
    this.running = true;
    this.emit = emit;
    world.time
      .process()
      .after(afterMs, () =>
        tell.limited({ 'forbidden-app': { reason: 'wayland', partly: false } }),
      );
  },
  stop(): void {
    this.running = false;
  },
});

const worldWith = (afterMs = 500) => {
  const world = new FakeWorld();
  const sensor = limitedSensor(afterMs, world);
  const engine = createKioskEngine({ ...world.deps(), sensors: [sensor] });
  return { world, sensor, engine };
};

const survey = async (world: FakeWorld, engine: KioskEngine, ms = 2_000) => {
  const pending = engine.survey(ms);
  await world.time.advance(ms + 500);
  return pending;
};

describe('a survey', () => {
  it('hears what the sensors cannot do, and leaves them stopped', async () => {
    const { world, sensor, engine } = worldWith();
    expect((await engine.capabilities()).coverage['forbidden-app']?.level).toBe('detected');
    const found = await survey(world, engine);
    expect(found?.coverage['forbidden-app']).toEqual({ level: 'not-watched', reason: 'wayland' });
    expect(found?.requirements.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['server', 'storage', 'display']),
    );
    expect(sensor.running).toBe(false);
  });

  it('needs no started engine, and writes nothing', async () => {
    const { world, engine } = worldWith();
    await survey(world, engine);
    expect(world.entries).toEqual([]);
    expect(await world.store.get('session')).toBeUndefined();
  });

  it('is not made while there is an attempt', async () => {
    const { world, engine } = worldWith();
    await engine.start();
    for (const action of [
      { type: 'enrol', code: FAKE_CODE },
      { type: 'sign-in', document: world.document, secret: FAKE_SECRET },
    ] as const) {
      const done = engine.perform(action);
      await world.time.advance(1_000);
      expect((await done).ok).toBe(true);
    }
    expect(await survey(world, engine)).toBeNull();
    await engine.stop();
  });

  it('gives way to an attempt, for which the sensors start anew', async () => {
    const { world, sensor, engine } = worldWith();
    await engine.start();
    const enrolled = engine.perform({ type: 'enrol', code: FAKE_CODE });
    await world.time.advance(1_000);
    expect((await enrolled).ok).toBe(true);
    const surveying = engine.survey(60_000);
    await world.time.advance(100);
    sensor.emit({ kind: 'forbidden-app', phase: 'began', facts: {} });
    const early = sensor.emit;
    const signed = engine.perform({
      type: 'sign-in',
      document: world.document,
      secret: FAKE_SECRET,
    });
    await world.time.advance(2_000);
    expect((await signed).ok).toBe(true);
    expect(await surveying).toBeNull();
    expect(sensor.running).toBe(true);
    expect(sensor.emit).not.toBe(early);
    await engine.stop();
    expect(sensor.running).toBe(false);
  });

  it('passes on what is so now, and nothing of the rehearsal', async () => {
    const { world, sensor } = worldWith();
    const told: string[] = [];
    const crew = createSensorCrew({ ...world.deps(), sensors: [sensor] }, () => undefined);
    const rehearsal = crew.rehearse(60_000);
    sensor.emit({ kind: 'forbidden-app', phase: 'began', facts: {} });
    const early = sensor.emit;
    crew.start(({ kind, phase }) => told.push(`${kind} ${phase}`));
    await rehearsal;
    early({ kind: 'forbidden-app', phase: 'ended', facts: {} });
    sensor.emit({ kind: 'forbidden-app', phase: 'began', facts: {} });
    expect(told).toEqual(['forbidden-app began']);
    await crew.rehearse(1_000);
    expect(sensor.running).toBe(true);
    crew.stop();
  });

  it('ends with the engine', async () => {
    const { world, sensor, engine } = worldWith();
    await engine.start();
    const surveying = engine.survey(60_000);
    await world.time.advance(100);
    await engine.stop();
    await surveying;
    expect(sensor.running).toBe(false);
  });
});
