import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { IncidentKind } from '#shared/incident/kind.ts';
import { builtCoverage } from '#shared/kiosk/machine/machine-coverage.ts';
import { createSensorCrew } from '#shared/kiosk/machine/sensor-crew.ts';
import type { Sensor, SensorTells, Signal } from '#shared/ports/sensor.port.ts';
import { FAKE_CAPABILITIES } from '#test/support/fake/fake-machine.ts';
import { VirtualTime } from '#test/support/fake/virtual-time.ts';

/** A sensor that does what the test says, each of its starts apart. */
class TestSensor implements Sensor {
  readonly id: string;
  readonly watches: readonly IncidentKind[];
  readonly beatMs?: number;
  starts: { emit: (signal: Signal) => void; tell: SensorTells }[] = [];
  stops = 0;
  throws = false;
  check?: Sensor['check'] & {};

  constructor(watches: readonly IncidentKind[], options: { id?: string; beatMs?: number } = {}) {
    this.watches = watches;
    this.id = options.id ?? 'test';
    if (options.beatMs !== undefined) this.beatMs = options.beatMs;
  }

  start(emit: (signal: Signal) => void, tell: SensorTells): void {
    this.starts.push({ emit, tell });
    if (this.throws) throw new Error('no such tool');
  }

  stop(): void {
    this.stops += 1;
  }

  get now() {
    const last = this.starts.at(-1);
    if (last === undefined) throw new Error('never started');
    return last;
  }
}

const began = (kind: IncidentKind): Signal => ({ kind, phase: 'began', facts: {} });

let time: VirtualTime;
let told: string[];
let changes: number;

const crewOf = (...sensors: TestSensor[]) => {
  const crew = createSensorCrew(
    {
      sensors,
      scheduler: time.process(),
      clock: time.clock,
      capabilities: { ...FAKE_CAPABILITIES, coverage: builtCoverage(sensors, new Set(['print'])) },
      log: () => undefined,
    },
    () => {
      changes += 1;
    },
  );
  crew.start(({ kind, phase }) => told.push(`${kind} ${phase}`));
  return crew;
};

beforeEach(() => {
  time = new VirtualTime(1_800_000_000_000);
  told = [];
  changes = 0;
});

describe('a sensor that breaks', () => {
  it('by throwing at its start is started again, later each time, and shown as not watched', async () => {
    const sensor = new TestSensor(['peripheral']);
    sensor.throws = true;
    const crew = crewOf(sensor);
    const starts: number[] = [];
    for (let second = 0; second < 20; second += 1) {
      starts.push(sensor.starts.length);
      await time.advance(1_000);
    }
    expect(starts.filter((count, i) => count !== starts[i - 1])).toEqual([1, 2, 3, 4, 5]);
    expect(crew.coverage().peripheral).toEqual({ level: 'not-watched', reason: 'sensor-failed' });
    sensor.throws = false;
    await time.advance(60_000);
    expect(crew.coverage().peripheral).toEqual({ level: 'detected' });
    expect(changes).toBeGreaterThan(0);
    expect(told).toEqual([]);
  });

  it('by silence is started again, and what it said to last ends', async () => {
    const sensor = new TestSensor(['forbidden-app'], { beatMs: 2_000 });
    const crew = crewOf(sensor);
    sensor.now.emit(began('forbidden-app'));
    for (let i = 0; i < 10; i += 1) {
      await time.advance(2_000);
      sensor.now.tell.alive();
    }
    expect(sensor.starts).toHaveLength(1);
    const first = sensor.now;
    await time.advance(8_000);
    expect(sensor.starts).toHaveLength(2);
    expect(told).toEqual(['forbidden-app began', 'forbidden-app ended']);
    expect(crew.coverage()['forbidden-app']).toEqual({
      level: 'not-watched',
      reason: 'sensor-failed',
    });
    // What hung says something at last: it is nobody's word any more.
    first.emit(began('forbidden-app'));
    expect(told).toHaveLength(2);
  });

  it('by a flood is stopped within the second: what is too much is not passed on', async () => {
    const sensor = new TestSensor(['clipboard']);
    crewOf(sensor);
    const { emit } = sensor.now;
    for (let i = 0; i < 5_000; i += 1) emit({ kind: 'clipboard', phase: 'happened', facts: {} });
    expect(told.length).toBe(60);
    expect(sensor.stops).toBe(1);
    await time.advance(1_500);
    expect(sensor.starts).toHaveLength(2);
  });

  it('leaves a held key alone', async () => {
    const sensor = new TestSensor(['clipboard']);
    crewOf(sensor);
    for (let i = 0; i < 300; i += 1) {
      sensor.now.emit({ kind: 'clipboard', phase: 'happened', facts: {} });
      await time.advance(33);
    }
    expect(sensor.starts).toHaveLength(1);
  });

  it('does not break because the machine slept', async () => {
    const sensor = new TestSensor(['forbidden-app'], { beatMs: 2_000 });
    crewOf(sensor);
    time.sleep(600_000);
    await time.advance(1_500);
    expect(sensor.starts).toHaveLength(1);
  });

  it('does not take the others with it, and a stopped crew starts nobody again', async () => {
    const bad = new TestSensor(['peripheral'], { id: 'bad' });
    const good = new TestSensor(['print'], { id: 'good' });
    bad.throws = true;
    const crew = crewOf(bad, good);
    good.now.emit({ kind: 'print', phase: 'happened', facts: {} });
    expect(told).toEqual(['print happened']);
    crew.stop();
    const starts = bad.starts.length;
    await time.advance(120_000);
    expect(bad.starts).toHaveLength(starts);
    expect(good.stops).toBeGreaterThan(0);
    good.now.emit({ kind: 'print', phase: 'happened', facts: {} });
    expect(told).toHaveLength(1);
  });
});

describe('two sensors of one kind', () => {
  const one = (phase: Signal['phase'], thing?: string): Signal => ({
    kind: 'forbidden-app',
    phase,
    facts: thing === undefined ? {} : { program: thing },
    ...(thing === undefined ? {} : { thing }),
  });
  const saidOf = (
    steps: readonly (readonly ['a' | 'b', Signal['phase'], (string | undefined)?])[],
  ) => {
    const sensors = {
      a: new TestSensor(['forbidden-app'], { id: 'a' }),
      b: new TestSensor(['forbidden-app'], { id: 'b' }),
    };
    const heard: string[] = [];
    const crew = crewOf(sensors.a, sensors.b);
    crew.stop();
    crew.start(({ phase, facts }) => heard.push(`${phase} ${facts.program ?? ''}`.trim()));
    for (const [who, phase, thing] of steps) sensors[who].now.emit(one(phase, thing));
    return heard;
  };

  it.each([
    [
      'two witnesses of one state',
      [
        ['a', 'began'],
        ['b', 'began'],
        ['a', 'ended'],
        ['b', 'ended'],
      ],
      ['began', 'began', 'ended'],
    ],
    [
      'the second gone first',
      [
        ['a', 'began'],
        ['b', 'began'],
        ['b', 'ended'],
        ['a', 'ended'],
      ],
      ['began', 'began', 'ended'],
    ],
    [
      'the same program, by its process and by its window',
      [
        ['a', 'began', 'x'],
        ['b', 'began', 'x'],
        ['a', 'ended', 'x'],
        ['b', 'ended', 'x'],
      ],
      ['began x', 'began x', 'ended x'],
    ],
    [
      'a second program beside the first',
      [
        ['a', 'began', 'x'],
        ['b', 'began', 'y'],
        ['a', 'ended', 'x'],
        ['b', 'ended', 'y'],
      ],
      ['began x', 'happened y', 'ended y'],
    ],
    [
      'a program that the first named already, as its second',
      [
        ['a', 'began', 'x'],
        ['a', 'happened', 'y'],
        ['b', 'began', 'y'],
        ['b', 'ended', 'y'],
      ],
      ['began x', 'happened y', 'began y'],
    ],
    [
      'a program that the second named already, as the second of the first',
      [
        ['a', 'began', 'x'],
        ['b', 'began', 'y'],
        ['a', 'happened', 'y'],
        ['b', 'happened', 'x'],
      ],
      ['began x', 'happened y', 'began y', 'began x'],
    ],
    [
      'a third program, found by both',
      [
        ['a', 'began', 'x'],
        ['b', 'began', 'x'],
        ['b', 'happened', 'z'],
        ['a', 'happened', 'z'],
      ],
      ['began x', 'began x', 'happened z', 'began z'],
    ],
    [
      'a program that both named, went and came back',
      [
        ['a', 'began', 'x'],
        ['b', 'began', 'x'],
        ['a', 'happened', 'y'],
        ['b', 'happened', 'y'],
        ['b', 'happened', 'y'],
        ['a', 'happened', 'y'],
      ],
      ['began x', 'began x', 'happened y', 'began y', 'happened y', 'began y'],
    ],
    [
      'one that was named by whoever takes it all back, and by the other anew',
      [
        ['a', 'began', 'x'],
        ['b', 'began', 'y'],
        ['b', 'ended', 'y'],
        ['a', 'happened', 'y'],
      ],
      ['began x', 'happened y', 'happened y'],
    ],
    [
      'what a sensor that says nothing to last sees of what another one holds',
      [
        ['a', 'began', 'x'],
        ['b', 'happened', 'x'],
        ['b', 'happened', 'y'],
      ],
      ['began x', 'began x', 'happened y'],
    ],
    [
      'one that names nothing',
      [
        ['a', 'began'],
        ['b', 'began', 'y'],
        ['b', 'ended', 'y'],
        ['a', 'ended'],
      ],
      ['began', 'began y', 'ended'],
    ],
    [
      'what nobody says to last',
      [
        ['a', 'ended'],
        ['a', 'began'],
        ['a', 'began'],
        ['a', 'ended'],
        ['a', 'ended'],
      ],
      ['began', 'ended'],
    ],
    [
      'again after both had ended',
      [
        ['a', 'began'],
        ['b', 'began'],
        ['b', 'ended'],
        ['a', 'ended'],
        ['b', 'began'],
      ],
      ['began', 'began', 'ended', 'began'],
    ],
  ] as const)('state both, and end with the last: %s', (_case, steps, expected) => {
    expect(saidOf(steps)).toEqual(expected);
  });

  it('lose no statement and end once, whatever they say in whatever order', () => {
    const step = fc.tuple(
      fc.constantFrom('a' as const, 'b' as const),
      fc.constantFrom('began' as const, 'ended' as const, 'happened' as const),
      fc.constantFrom(undefined, 'x', 'y'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 24 }), (steps) => {
        const heard = saidOf(steps);
        const holding = new Set<string>();
        let open = false;
        const expected: RegExp[] = [];
        for (const [who, phase, thing] of steps) {
          const name = thing === undefined ? '' : ` ${thing}`;
          // An act of its own, or a witness of one that another sensor named.
          if (phase === 'happened')
            expected.push(
              new RegExp(`^(happened${open && thing !== undefined ? '|began' : ''})${name}$`),
            );
          if (phase === 'began' && !holding.has(who)) {
            // Its own statement is on record, as what begins or as an act beside what lasts.
            expected.push(new RegExp(`^(began${open ? '|happened' : ''})${name}$`));
            holding.add(who);
            open = true;
          }
          if (phase === 'ended' && holding.delete(who) && holding.size === 0) {
            expected.push(/^ended/);
            open = false;
          }
        }
        expect(heard).toHaveLength(expected.length);
        expected.forEach((pattern, i) => {
          expect(heard[i]).toMatch(pattern);
        });
      }),
    );
  });

  it('say each coming of a thing once, whichever of them sees it and whoever looks first', () => {
    const change = fc.tuple(fc.constantFrom('x', 'y', 'z'), fc.boolean());
    const sight = fc.constantFrom<readonly ('a' | 'b')[]>(['a'], ['b'], ['a', 'b'], ['a', 'b']);
    const sights = fc.record({ x: sight, y: sight, z: sight });
    fc.assert(
      fc.property(sights, fc.array(change, { maxLength: 30 }), (seenBy, changes) => {
        const here = new Set<'x' | 'y' | 'z'>();
        const known = { a: new Set<string>(), b: new Set<string>() };
        const steps: ['a' | 'b', Signal['phase'], string][] = [];
        let came = 0;
        /** One look of a sensor that looks again and again, as `polledSensor` tells it. */
        const look = (who: 'a' | 'b'): void => {
          const now = [...here].filter((thing) => seenBy[thing].includes(who));
          const before = known[who];
          if (now.length === 0 && before.size > 0) steps.push([who, 'ended', [...before][0] ?? '']);
          let lasting = before.size > 0;
          for (const thing of now.filter((one) => !before.has(one))) {
            steps.push([who, lasting && now.length > 0 ? 'happened' : 'began', thing]);
            lasting = true;
          }
          known[who] = new Set(now);
        };
        for (const [thing, firstIsA] of changes as ['x' | 'y' | 'z', boolean][]) {
          if (!here.delete(thing)) {
            here.add(thing);
            came += 1;
          }
          for (const who of firstIsA ? (['a', 'b'] as const) : (['b', 'a'] as const)) look(who);
        }
        let lasts = false;
        let acts = 0;
        for (const said of saidOf(steps)) {
          if (said.startsWith('happened') || (said.startsWith('began') && !lasts)) acts += 1;
          lasts = !said.startsWith('ended');
        }
        expect(acts).toBe(came);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['both work', {}, {}, { level: 'detected' }],
    [
      'one cannot',
      { 'forbidden-app': { reason: 'wayland', partly: false } },
      {},
      { level: 'detected', reason: 'wayland' },
    ],
    [
      'one can in part, the other not',
      { 'forbidden-app': { reason: 'wayland', partly: false } },
      { 'forbidden-app': { reason: 'tool-blocked', partly: true } },
      { level: 'detected', reason: 'wayland' },
    ],
    [
      'none can',
      { 'forbidden-app': { reason: 'wayland', partly: false } },
      { 'forbidden-app': { reason: 'tool-blocked', partly: false } },
      { level: 'not-watched', reason: 'wayland' },
    ],
  ] as const)('cover it together: %s', (_case, first, second, expected) => {
    const a = new TestSensor(['forbidden-app'], { id: 'a' });
    const b = new TestSensor(['forbidden-app'], { id: 'b' });
    const crew = crewOf(a, b);
    a.now.tell.limited(first);
    b.now.tell.limited(second);
    expect(crew.coverage()['forbidden-app']).toEqual(expected);
  });
});

describe('the checks before the exam', () => {
  it('are those of the sensors that answer', async () => {
    const fine = new TestSensor(['print'], { id: 'fine' });
    const broken = new TestSensor(['peripheral'], { id: 'broken' });
    const hanging = new TestSensor(['clipboard'], { id: 'hanging' });
    fine.check = async () => ({ id: 'programs', outcome: 'ok', blocks: true });
    broken.check = async () => {
      throw new Error('tool missing');
    };
    hanging.check = () => new Promise(() => undefined);
    const crew = crewOf(fine, broken, hanging);
    const checks = crew.checks();
    await time.advance(10_000);
    expect(await checks).toEqual([{ id: 'programs', outcome: 'ok', blocks: true }]);
  });
});

describe('the coverage', () => {
  it('says enforced, detected and not built', () => {
    const crew = crewOf(new TestSensor(['print', 'screenshot']));
    const coverage = crew.coverage();
    expect(coverage.print).toEqual({ level: 'enforced' });
    expect(coverage.screenshot).toEqual({ level: 'detected' });
    expect(coverage['remote-session']).toEqual({ level: 'not-watched', reason: 'not-built' });
    expect(coverage['no-face']).toEqual({ level: 'detected' });
  });
});
