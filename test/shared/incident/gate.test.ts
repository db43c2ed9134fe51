import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Policy } from '#shared/incident/policy.ts';
import { PolicySchema } from '#shared/incident/policy.ts';
import type { RuleInput } from '#shared/incident/rules-state.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  began,
  copyAttemptsOf,
  ended,
  happened,
  incidentsOf,
  restarted,
  resumed,
  run,
  stopped,
  time,
} from './run-rules.ts';

const gate = (state: 'closed' | 'review' | 'open', t: number): RuleInput => ({
  type: 'gate',
  gate: state,
  t,
});
const kindsOf = (inputs: readonly RuleInput[], policy: Policy = DEFAULT_POLICY) =>
  incidentsOf(run(inputs, policy).events).map(({ kind, startedT, counted }) => [
    kind,
    startedT,
    counted,
  ]);

describe('the gate', () => {
  it('holds the camera back from every start, and lets the machine be judged', () => {
    for (const start of [resumed(1_000), restarted(1_000)]) {
      const inputs = [
        start,
        began('no-face', 1_100),
        began('several-faces', 1_100),
        happened('identity-mismatch', 2_000),
        began('extra-display', 1_100),
        time(600_000),
      ];
      expect(kindsOf(inputs)).toEqual([['extra-display', 1_100, true]]);
      expect(kindsOf(inputs, { ...DEFAULT_POLICY, version: 1 })).toHaveLength(4);
    }
  });

  it('opens for what is stated again, which is as old as the opening', () => {
    const inputs = [resumed(0), began('no-face', 100), gate('open', 20_000)];
    expect(kindsOf([...inputs, time(600_000)])).toEqual([]);
    expect(kindsOf([...inputs, began('no-face', 20_000), time(600_000)])).toEqual([
      ['no-face', 20_000, true],
    ]);
    // Stated late, as if it had begun before: nothing from before is held against anybody.
    expect(kindsOf([...inputs, began('no-face', 9_000), time(600_000)])).toEqual([
      ['no-face', 20_000, true],
    ]);
    expect(kindsOf([...inputs, happened('identity-mismatch', 19_999)])).toEqual([]);
  });

  it('lets evidence for people through where no good picture came, which never counts', () => {
    const inputs = [
      resumed(0),
      gate('review', 70_000),
      began('camera-covered', 70_000),
      time(80_000),
    ];
    expect(kindsOf(inputs)).toEqual([['camera-covered', 70_000, false]]);
    expect(copyAttemptsOf(run(inputs, DEFAULT_POLICY).events)).toBe(0);
    const { events } = run(
      [...inputs, gate('open', 90_000), began('no-face', 91_000), time(99_000)],
      DEFAULT_POLICY,
    );
    expect(events.filter(({ type }) => type === 'incident-closed')).toMatchObject([
      { endedT: 90_000 },
    ]);
    expect(copyAttemptsOf(events)).toBe(1);
  });

  it('closes again in the middle: what lasted ends, what comes afterwards is another act', () => {
    const inputs = [resumed(0), gate('open', 0), began('several-faces', 60_000), time(65_000)];
    const { events } = run([...inputs, gate('closed', 66_000), time(600_000)], DEFAULT_POLICY);
    expect(events.at(-1)).toMatchObject({ type: 'incident-closed', endedT: 66_000 });
    const again = run(
      [
        ...inputs,
        stopped(66_000),
        resumed(70_000),
        gate('open', 71_000),
        began('several-faces', 72_000),
        time(80_000),
      ],
      DEFAULT_POLICY,
    );
    expect(copyAttemptsOf(again.events)).toBe(2);
  });

  it('takes an ended condition of before for nothing', () => {
    expect(kindsOf([resumed(0), ended('no-face', 5_000), gate('open', 6_000)])).toEqual([]);
  });

  it.each([
    [{ graceMs: 0, pictureMs: 5_000 }, true],
    [{ graceMs: 60_000, pictureMs: 600_000 }, true],
    [{ graceMs: 60_001, pictureMs: 60_000 }, false],
    [{ graceMs: -1, pictureMs: 60_000 }, false],
    [{ graceMs: 10_000, pictureMs: 4_999 }, false],
    [{ graceMs: 10_000 }, false],
    [null, true],
    [undefined, true],
  ])('has times within bounds: %j %j', (times, ok) => {
    const { gate: _, ...rest } = DEFAULT_POLICY;
    const policy = times === undefined ? rest : { ...rest, gate: times };
    expect(check(PolicySchema, policy).ok).toBe(ok);
  });
});
