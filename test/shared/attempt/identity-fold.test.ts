import { describe, expect, it } from 'vitest';
import { identityStatus, remainingMs } from '#shared/attempt/attempt-state.ts';
import type {
  CheckOutcome,
  IdentityDecision,
  IdentitySettings,
} from '#shared/identity/identity-facts.ts';
import type { FactData } from '#shared/wire/facts.ts';
import { Recorder } from './recorder.ts';

const FACE: IdentitySettings = { check: 'face', enrolled: true, challenge: true };

/** Before the check of the face. */
const framed = (options: { identity?: IdentitySettings } = { identity: FACE }): Recorder =>
  new Recorder(options)
    .write('device-checked', 1, { results: [] })
    .write('rules-accepted', 2, { rulesVersion: '1', locale: 'es' })
    .write('framing-confirmed', 3, { evidence: [] });

type Step = (recorder: Recorder) => Recorder;
const checked =
  (outcome: CheckOutcome): Step =>
  (recorder) =>
    recorder.write('identity-checked', 10, {
      outcome,
      distance: null,
      captures: 0,
      challenge: 'off',
      evidence: [],
    });
const missing: Step = (recorder) => recorder.write('document-missing', 11, {});
const ordered =
  (decision: IdentityDecision): Step =>
  (recorder) =>
    recorder.command({ type: 'identity', decision, authorisedBy: null, reason: 'motivo' }, 12);
const atMachine =
  (outcome: 'decided' | 'refused', decision: IdentityDecision = 'verified-in-person'): Step =>
  (recorder) =>
    recorder.write('staff-identity', 13, {
      outcome,
      decision,
      authorisedBy: null,
      reason: 'motivo',
    });

describe('identity', () => {
  it.each<readonly [string, readonly Step[], string, string]>([
    ['nothing yet', [], 'pending', 'identity'],
    ['verified', [checked('verified')], 'verified', 'waiting'],
    ['not sure', [checked('unsure')], 'needs-person', 'identity'],
    ['no', [checked('no')], 'needs-person', 'identity'],
    ['not enrolled', [checked('not-enrolled')], 'needs-person', 'identity'],
    ['challenge failed', [checked('challenge-failed')], 'needs-person', 'identity'],
    ['no capture', [checked('no-capture')], 'needs-person', 'identity'],
    ['no, then verified', [checked('no'), checked('verified')], 'verified', 'waiting'],
    ['a person lets in', [checked('no'), ordered('verified-in-person')], 'verified', 'waiting'],
    ['a person refuses', [checked('unsure'), ordered('refused')], 'refused', 'identity'],
    [
      'refused, then the face matches',
      [ordered('refused'), checked('verified')],
      'refused',
      'identity',
    ],
    [
      'refused, then let in',
      [ordered('refused'), ordered('verified-in-person')],
      'verified',
      'waiting',
    ],
    ['no document', [missing, checked('verified')], 'needs-person', 'identity'],
    [
      'no document, authorised',
      [missing, ordered('authorised-alternative')],
      'verified',
      'waiting',
    ],
    ['decided at the machine', [atMachine('decided')], 'verified', 'waiting'],
    ['refused at the machine', [atMachine('decided', 'refused')], 'refused', 'identity'],
    ['a wrong code decides nothing', [atMachine('refused')], 'pending', 'identity'],
  ])('%s', (_, steps, status, phase) => {
    const { state } = steps.reduce((recorder, step) => step(recorder), framed());
    expect([identityStatus(state.identity), state.phase]).toEqual([status, phase]);
  });

  it.each([
    ['by hand', { identity: { ...FACE, check: 'by-hand' } }],
    ['in a ledger from before it was asked for', {}],
  ] as const)('%s asks for nothing', (_, options) => {
    const { state } = framed(options);
    expect([identityStatus(state.identity), state.phase]).toEqual(['by-hand', 'waiting']);
  });

  it('is not checked in another phase', () => {
    const recorder = new Recorder({ identity: FACE });
    checked('verified')(missing(recorder));
    expect(recorder.state.identity).toMatchObject({ checks: [], documentMissing: false });
    expect(recorder.state.phase).toBe('device-check');
  });
});

describe('a view of the room', () => {
  const asked = (): Recorder =>
    new Recorder().start(1_000).command({ type: 'room-scan', reason: 'Se oye otra voz' }, 60_000);
  const scanned = (outcome: FactData<'room-scanned'>['outcome'], commandId = 'command-1') => ({
    commandId,
    outcome,
    evidence: [],
  });

  it('stops the exam until it is settled, and costs no time', () => {
    const recorder = asked();
    expect(recorder.state).toMatchObject({
      phase: 'paused',
      roomScanAsked: { commandId: 'command-1', from: 'Rosa Vera', t: 60_000 },
    });
    const left = remainingMs(recorder.state, 60_000);
    recorder.write('room-scanned', 90_000, scanned('shown'));
    expect(recorder.state).toMatchObject({ phase: 'in-progress', roomScanAsked: null });
    expect(recorder.state.roomScans).toMatchObject([{ outcome: 'shown', t: 90_000 }]);
    expect(remainingMs(recorder.state, 90_000)).toBe(left);
  });

  it('is settled once, and only the one that is asked for', () => {
    const recorder = asked();
    recorder.write('room-scanned', 70_000, scanned('shown', 'command-9'));
    expect(recorder.state.phase).toBe('paused');
    recorder.write('room-scanned', 71_000, scanned('refused'));
    recorder.write('room-scanned', 72_000, scanned('shown'));
    expect(recorder.state.roomScans).toMatchObject([{ outcome: 'refused' }]);
  });

  it.each([
    ['resume', 'in-progress'],
    ['release', 'paused'],
    ['close', 'closed'],
  ] as const)('is dropped by %s', (type, phase) => {
    const recorder = asked().command({ type, reason: 'ya no hace falta' }, 70_000);
    expect(recorder.state).toMatchObject({ phase, roomScanAsked: null });
    recorder.write('room-scanned', 80_000, scanned('shown'));
    expect(recorder.state).toMatchObject({ phase, roomScans: [] });
  });

  it('is not asked for twice, nor outside a running exam', () => {
    const again = asked().command({ type: 'room-scan', reason: 'otra vez' }, 65_000);
    expect(again.state.roomScanAsked?.commandId).toBe('command-1');
    const before = new Recorder().command({ type: 'room-scan', reason: 'antes' }, 10);
    expect(before.state).toMatchObject({ phase: 'device-check', roomScanAsked: null });
  });
});
