import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  INITIAL_REPLAY,
  replayEntry,
  replayIncidents,
  replayRules,
} from '#shared/attempt/replay.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { Recorder } from './recorder.ts';

const MINUTE = 60_000;
const paste = (recorder: Recorder, minute: number) =>
  recorder.observe('clipboard', 'happened', minute * MINUTE);

/** An exam with everything in it: warnings, incidents, a pause, a crash, a dismissal, a closing. */
const eventful = (): Recorder => {
  const recorder = new Recorder().start();
  recorder.answer('q1', ['a'], 2_000);
  recorder.observe('turned-away', 'began', 10_000, 11_000, { yaw: 0.4 }).tick(13_100).tick(15_040);
  recorder.observe('turned-away', 'ended', 17_000).answer('q2', ['b'], 17_300).tick(18_000);
  recorder.observe('connectivity-lost', 'began', 20_000).tick(40_000);
  recorder.observe('extra-display', 'began', 2 * MINUTE).tick(2 * MINUTE + 1_010);
  recorder.command({ type: 'pause', reason: 'revisión' }, 3 * MINUTE);
  recorder.command({ type: 'resume', reason: 'sigue' }, 4 * MINUTE);
  recorder.observe('extra-display', 'began', 4 * MINUTE).tick(4 * MINUTE + 1_010);
  recorder.observe('no-face', 'began', 5 * MINUTE).restart(7 * MINUTE);
  recorder.observe('extra-display', 'began', 7 * MINUTE + 500).tick(7 * MINUTE + 2_000);
  paste(recorder, 10);
  recorder.dismiss(`clipboard-${10 * MINUTE}`, 11 * MINUTE);
  recorder
    .observe('extra-display', 'began', 11 * MINUTE)
    .observe('extra-display', 'ended', 12 * MINUTE);
  paste(recorder, 20).dismiss(`clipboard-${20 * MINUTE}`, 21 * MINUTE);
  return recorder;
};

describe('agrees', () => {
  it.each<readonly [string, () => Recorder]>([
    ['an attempt that only opened', () => new Recorder()],
    ['an exam without incidents', () => new Recorder().start().close('examinee', MINUTE)],
    ['an eventful exam', eventful],
    ['three copy attempts', () => [10, 20, 30].reduce(paste, new Recorder().start())],
    [
      'closed, dismissed, reopened and closed again',
      () => {
        const recorder = [10, 20, 30].reduce(paste, new Recorder().start());
        return paste(recorder.dismiss(`clipboard-${30 * MINUTE}`, 35 * MINUTE), 36);
      },
    ],
    [
      'what happens before the start is not judged',
      () => {
        const recorder = new Recorder();
        recorder.write('observation', 500, { kind: 'print', phase: 'happened', t: 500, facts: {} });
        return recorder.start();
      },
    ],
  ])('%s', (_, record) => {
    const { entries } = record();
    expect(replayIncidents(entries)).toEqual({ ok: true });
    // So does every beginning of it: an attempt that still runs.
    for (let n = 0; n < entries.length; n++)
      expect(replayIncidents(entries.slice(0, n))).toEqual({ ok: true });
  });

  it('anything that an honest kiosk may record', () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constantFrom('began' as const, 'ended' as const, 'happened' as const),
        kind: fc.constantFrom(...INCIDENT_KINDS),
        late: fc.nat(2_000),
      }),
      fc.record({ do: fc.constantFrom('tick', 'answer', 'pause', 'resume', 'restart', 'dismiss') }),
    );
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 12_000 }), step), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (script) => {
        const recorder = new Recorder().start();
        let t = 1_000;
        for (const [after, what] of script) {
          t += after;
          perform(recorder, what, t);
        }
        expect(replayIncidents(recorder.entries)).toEqual({ ok: true });
      }),
      { numRuns: 1_000 },
    );
  });
});

const perform = (
  recorder: Recorder,
  what: { do: string; kind?: (typeof INCIDENT_KINDS)[number]; late?: number },
  t: number,
): void => {
  const { phase, incidents } = recorder.state;
  const counted = incidents.find((i) => i.copyAttempt !== null && i.dismissed === null);
  if (what.do === 'dismiss' && counted !== undefined) recorder.dismiss(counted.id, t);
  if (phase === 'paused' && what.do === 'resume')
    recorder.command({ type: 'resume', reason: 'sigue' }, t);
  if (phase !== 'in-progress') return;
  if (what.do === 'tick') recorder.tick(t);
  if (what.do === 'answer') recorder.answer('q1', ['a'], t);
  if (what.do === 'pause') recorder.command({ type: 'pause', reason: 'revisión' }, t);
  if (what.do === 'restart') recorder.restart(t);
  if (what.kind === undefined) return;
  if (what.do === 'began' || what.do === 'ended' || what.do === 'happened')
    recorder.observe(what.kind, what.do, Math.max(0, t - (what.late ?? 0)), t);
};

const indexOf = (entries: readonly LedgerEntry[], type: string, nth = 0): number =>
  entries.map((entry, i) => (entry.type === type ? i : -1)).filter((i) => i >= 0)[nth] ?? -1;

/** As if it had never been written: the others move up. */
const without = (entries: readonly LedgerEntry[], index: number): LedgerEntry[] =>
  entries.filter((_, i) => i !== index).map((entry, i) => ({ ...entry, seq: i + 1 }));

const withData = (entries: readonly LedgerEntry[], index: number, data: object): LedgerEntry[] =>
  entries.map((entry, i) =>
    i === index ? { ...entry, data: { ...entry.data, ...data } as LedgerEntry['data'] } : entry,
  );

describe('notices', () => {
  const { entries } = eventful().close('examinee', 30 * MINUTE);
  const opened = indexOf(entries, 'incident-opened');
  const incident = entries[opened]?.data.incident as object;

  it.each(['incident-opened', 'incident-closed', 'copy-attempt'])('every %s left out', (type) => {
    for (let nth = 0; indexOf(entries, type, nth) >= 0; nth++)
      expect(replayIncidents(without(entries, indexOf(entries, type, nth))).ok).toBe(false);
  });

  it('an observation left out', () => {
    const index = indexOf(entries, 'observation');
    expect(replayIncidents(without(entries, index))).toMatchObject({
      ok: false,
      reason: 'incident-unfounded',
    });
  });

  it.each<readonly [string, object]>([
    ['start', { startedT: 9_999 }],
    ['opening', { openedT: 15_001 }],
    ['effect', { counted: false }],
    ['episode', { episodeId: 'episode-other-1' }],
    ['facts', { facts: {} }],
    ['id', { id: 'turned-away-1' }],
  ])('an incident with another %s', (_, change) => {
    const forged = withData(entries, opened, { incident: { ...incident, ...change } });
    expect(replayIncidents(forged)).toEqual({
      ok: false,
      seq: opened + 1,
      reason: 'incident-different',
    });
  });

  it('another end', () => {
    const index = indexOf(entries, 'incident-closed');
    expect(replayIncidents(withData(entries, index, { endedT: 16_000 }))).toEqual({
      ok: false,
      seq: index + 1,
      reason: 'incident-different',
    });
  });

  it('a wrong number', () => {
    const index = indexOf(entries, 'copy-attempt', 1);
    expect(replayIncidents(withData(entries, index, { number: 1 }))).toEqual({
      ok: false,
      seq: index + 1,
      reason: 'wrong-number',
    });
  });

  it('an incident that opened before its time', () => {
    const early = entries.map((entry, i) => (i === opened ? { ...entry, t: 14_999 } : entry));
    expect(replayIncidents(early)).toMatchObject({ ok: false, seq: opened + 1 });
  });

  it('an incident made up', () => {
    const recorder = new Recorder().start();
    recorder.write('incident-opened', 2_000, { incident, evidence: [] } as never);
    expect(replayIncidents(recorder.entries)).toMatchObject({ reason: 'incident-unfounded' });
  });

  it('an exam that goes on after the third copy attempt', () => {
    const three = [10, 20, 30].reduce(paste, new Recorder().start()).entries;
    const open = without(three, indexOf(three, 'attempt-closed'));
    const later = (t: number): LedgerEntry => ({
      ...(three[0] as LedgerEntry),
      seq: open.length + 1,
      t: 30 * MINUTE + t,
      type: 'question-visited',
      data: { questionId: 'q9' },
    });
    expect(replayIncidents([...open, later(1_000)])).toEqual({ ok: true });
    expect(replayIncidents([...open, later(5_001)])).toEqual({
      ok: false,
      seq: open.length + 1,
      reason: 'not-closed',
    });
    // After a crash at that moment it closes when it is back.
    const back = { ...later(60_000), type: 'host-restarted', data: { downMs: 59_000 } };
    const closing = { ...(three.at(-1) as LedgerEntry), seq: open.length + 2, t: 31 * MINUTE };
    expect(replayIncidents([...open, back, closing])).toEqual({ ok: true });
    const late = { ...later(64_000), seq: open.length + 2 };
    expect(replayIncidents([...open, back, late])).toEqual({ ok: true });
    expect(replayIncidents([...open, back, { ...late, t: late.t + 2_000 }])).toMatchObject({
      reason: 'not-closed',
    });
  });

  it('nothing when a crash came between the third copy attempt and what follows it', () => {
    const three = [10, 20, 30].reduce(paste, new Recorder().start()).entries;
    const third = indexOf(three, 'copy-attempt', 2);
    const rest = three.slice(third + 1).map((entry) => ({ ...entry, t: entry.t + 90_000 }));
    expect(rest.map(({ type }) => type)).toEqual(['incident-closed', 'attempt-closed']);
    expect(replayIncidents([...three.slice(0, third + 1), ...rest])).toEqual({ ok: true });
  });

  it('a closing without three', () => {
    const recorder = paste(new Recorder().start(), 10);
    recorder.write('attempt-closed', 11 * MINUTE, { by: 'copy-attempts', remainingMs: 1 });
    expect(replayIncidents(recorder.entries)).toMatchObject({ reason: 'closed-too-early' });
  });

  it('a second closing', () => {
    const recorder = new Recorder().start().close('examinee', MINUTE);
    recorder.write('attempt-closed', 2 * MINUTE, { by: 'time', remainingMs: 0 });
    expect(replayIncidents(recorder.entries)).toMatchObject({ reason: 'closed-twice' });
  });

  it('a policy that was softened after the fact', () => {
    const lenient = {
      ...DEFAULT_POLICY,
      kinds: {
        ...DEFAULT_POLICY.kinds,
        'turned-away': { ...DEFAULT_POLICY.kinds['turned-away'], minMs: 20_000, warnAfterMs: null },
      },
    };
    expect(replayIncidents(withData(entries, 0, { policy: lenient })).ok).toBe(false);
  });
});

describe('a kiosk that starts again', () => {
  const { entries } = eventful();

  it('goes on from its ledger exactly where the rules stood, wherever it died', () => {
    for (let n = 1; n <= entries.length; n++) {
      const { rules, missing } = replayRules(entries.slice(0, n));
      const next = entries[n];
      // Whatever was decided and not written is what the ledger has next.
      const due = missing.filter(
        ({ type }) => type !== 'warning-began' && type !== 'warning-ended',
      );
      if (due.length > 0 && next?.type !== 'warning-shown') expect(next?.type).toBe(due[0]?.type);
      expect(rules.t).toBeLessThanOrEqual(entries[n - 1]?.t ?? 0);
    }
  });

  it('is the same entry by entry, from a stored state', () => {
    let replay = INITIAL_REPLAY;
    for (const entry of entries) {
      replay = replayEntry(JSON.parse(JSON.stringify(replay)), entry);
      expect(replay.fault).toBeNull();
    }
    expect(replay.rules).toEqual(replayRules(entries).rules);
  });
});

describe('who sits there is settled before the exam begins', () => {
  const FACE = { check: 'face', enrolled: true, challenge: true } as const;
  const checked = (outcome: 'verified' | 'unsure') => (recorder: Recorder) =>
    recorder.write('identity-checked', 900, {
      outcome,
      distance: 0.5,
      captures: 5,
      challenge: 'passed',
      evidence: [],
    });
  const decided = (decision: 'verified-in-person' | 'refused') => (recorder: Recorder) =>
    recorder.command(
      { type: 'identity', decision, authorisedBy: null, reason: 'cédula en mano' },
      950,
    );
  const toIdentity = (recorder: Recorder): Recorder =>
    recorder
      .write('device-checked', 100, { results: [] })
      .write('rules-accepted', 200, { rulesVersion: '1', locale: 'es' })
      .write('framing-confirmed', 300, { evidence: [] });

  it.each<[string, readonly ((recorder: Recorder) => Recorder)[], boolean]>([
    ['nothing was checked', [], false],
    ['the camera said yes', [checked('verified')], true],
    ['the camera was not sure', [checked('unsure')], false],
    ['a person said yes', [checked('unsure'), decided('verified-in-person')], true],
    ['a person said no', [checked('unsure'), decided('refused')], false],
    ['a person said no after the camera’s yes', [checked('verified'), decided('refused')], false],
  ])('%s', (_, steps, ok) => {
    const recorder = toIdentity(new Recorder({ identity: FACE }));
    for (const step of steps) step(recorder);
    recorder.start();
    expect(replayIncidents(recorder.entries)).toMatchObject(
      ok ? { ok: true } : { ok: false, reason: 'started-unidentified' },
    );
  });

  it('asks nothing of a room that checks by hand', () => {
    expect(replayIncidents(new Recorder().start().entries)).toEqual({ ok: true });
  });
});
