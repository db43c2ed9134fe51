import {
  CHECK_OUTCOMES,
  IDENTITY_DECISIONS,
  type IdentityDecision,
} from '#shared/identity/identity-facts.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type {
  AttemptId,
  CommandId,
  DeviceId,
  EpisodeId,
  IncidentId,
  QuestionId,
  SessionId,
  StaffId,
} from '#shared/kernel/ids.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import type { JsonObject, LedgerEntry } from '#shared/ledger/entry.ts';
import type { FactData, FactType } from '#shared/wire/facts.ts';
import { hashOf } from './room-data.ts';

type Line = { [T in FactType]: readonly [T, FactData<T>] }[FactType];

const incidentOf = (
  kind: 'turned-away' | 'clipboard' | 'low-light',
  t: number,
  counted: boolean,
) => ({
  id: `${kind}:${t}` as IncidentId,
  kind,
  startedT: t,
  openedT: t,
  counted,
  episodeId: `episode-${t}` as EpisodeId,
  facts: {},
});

const issued = (
  id: string,
  attemptId: string,
  command: FactData<'command-applied'>['issued']['command'],
  at: number,
) => ({
  id: id as CommandId,
  attemptId: attemptId as AttemptId,
  issuedAt: at,
  issuedBy: { id: 'staff-1' as StaffId, name: 'Mónica Andrade', role: 'proctor' as const },
  command,
});

const authoriserOf = (decision: IdentityDecision): string | null =>
  decision === 'authorised-alternative' ? 'Dra. Elena Viteri' : null;

/** One attempt's ledger with an entry of every type. Hashes only look like ones: the page does not verify. */
export const everyEntry = (attemptId: string, now: number): readonly LedgerEntry[] => {
  const began = now - 36 * MINUTE;
  const question = 'redes-04' as QuestionId;
  const clipboard = incidentOf('clipboard', 20 * MINUTE, true);
  const lines: readonly Line[] = [
    [
      'attempt-opened',
      {
        deviceId: 'device-7' as DeviceId,
        sessionId: 'session-a' as SessionId,
        publicKey: 'A'.repeat(43),
        host: { kind: 'electron', version: '0.1.0', build: null },
        coverage: {},
        policy: DEFAULT_POLICY,
      },
    ],
    [
      'coverage-changed',
      { coverage: { peripheral: { level: 'not-watched', reason: 'sensor-failed' } } },
    ],
    ['coverage-changed', { coverage: { peripheral: { level: 'detected' } } }],
    ['staff-exit', { outcome: 'refused', reason: 'Cambio de equipo' }],
    ['staff-exit', { outcome: 'opened', reason: 'Cambio de equipo' }],
    ['device-checked', { results: [{ requirement: 'camera', outcome: 'failed' }] }],
    [
      'device-checked',
      {
        results: [
          { requirement: 'camera', outcome: 'ok' },
          { requirement: 'clock', outcome: 'ok' },
        ],
      },
    ],
    ['rules-accepted', { rulesVersion: '2026-1', locale: 'es' }],
    ['framing-confirmed', { evidence: [] }],
    ...CHECK_OUTCOMES.map(
      (outcome): Line => [
        'identity-checked',
        { outcome, distance: 0.55, captures: 5, challenge: 'passed', evidence: [] },
      ],
    ),
    ['document-missing', {}],
    [
      'staff-identity',
      {
        outcome: 'refused',
        decision: 'verified-in-person',
        authorisedBy: null,
        reason: 'Cédula revisada',
      },
    ],
    ...IDENTITY_DECISIONS.map(
      (decision): Line => [
        'staff-identity',
        {
          outcome: 'decided',
          decision,
          authorisedBy: authoriserOf(decision),
          reason: 'Cédula revisada en el puesto',
        },
      ],
    ),
    ...IDENTITY_DECISIONS.map(
      (decision): Line => [
        'command-applied',
        {
          issued: issued(
            `identity-${decision}`,
            attemptId,
            {
              type: 'identity',
              decision,
              authorisedBy: authoriserOf(decision),
              reason: 'Documento revisado',
            },
            now,
          ),
          outcome: 'applied',
        },
      ],
    ),
    [
      'exam-started',
      { durationMs: 60 * MINUTE, shiftEndsT: 75 * MINUTE, formHash: hashOf('form') },
    ],
    ['question-visited', { questionId: question }],
    ['answer-saved', { questionId: question, optionIds: ['b'] }],
    ['question-flagged', { questionId: question, flagged: true }],
    ['question-flagged', { questionId: question, flagged: false }],
    ['observation', { kind: 'turned-away', phase: 'began', t: 9 * MINUTE, facts: {} }],
    ['warning-shown', { kind: 'off-frame', startedT: 9 * MINUTE }],
    ['observation', { kind: 'turned-away', phase: 'ended', t: 10 * MINUTE, facts: {} }],
    ['incident-opened', { incident: incidentOf('low-light', 12 * MINUTE, false), evidence: [] }],
    ['incident-closed', { incidentId: 'low-light:720000' as IncidentId, endedT: 13 * MINUTE }],
    [
      'observation',
      { kind: 'clipboard', phase: 'happened', t: 20 * MINUTE, facts: { action: 'paste' } },
    ],
    ['incident-opened', { incident: clipboard, evidence: [] }],
    ['copy-attempt', { incidentId: clipboard.id, episodeId: clipboard.episodeId, number: 1 }],
    ['notice-acknowledged', { incidentId: clipboard.id }],
    ['objection', { incidentId: clipboard.id, text: 'No pegué nada, se me trabó una tecla.' }],
    [
      'command-applied',
      {
        issued: issued(
          'c1',
          attemptId,
          { type: 'message', text: 'Por favor, mire hacia la pantalla.' },
          now,
        ),
        outcome: 'applied',
      },
    ],
    ['message-read', { commandId: 'c1' }],
    [
      'command-applied',
      {
        issued: issued('c2', attemptId, { type: 'pause', reason: 'Problema con el equipo' }, now),
        outcome: 'applied',
      },
    ],
    ['host-restarted', { downMs: 41 * SECOND }],
    ['storage-failed', { unsaved: 1 }],
    ['storage-recovered', { failedMs: 90 * SECOND }],
    [
      'command-applied',
      {
        issued: issued('c3', attemptId, { type: 'resume', reason: 'Problema resuelto' }, now),
        outcome: 'applied',
      },
    ],
    [
      'command-applied',
      {
        issued: issued('c4', attemptId, { type: 'resume', reason: 'Otra vez' }, now),
        outcome: 'rejected',
        code: 'not-in-this-stage',
      },
    ],
    [
      'command-applied',
      {
        issued: issued(
          'c5',
          attemptId,
          { type: 'dismiss', incidentId: clipboard.id, reason: 'Fue sin intención' },
          now,
        ),
        outcome: 'applied',
      },
    ],
    [
      'command-applied',
      {
        issued: issued('c7', attemptId, { type: 'room-scan', reason: 'Ruido en la sala' }, now),
        outcome: 'applied',
      },
    ],
    ...(['shown', 'refused', 'timed-out'] as const).map(
      (outcome): Line => ['room-scanned', { commandId: 'c7', outcome, evidence: [] }],
    ),
    ['gate-passed', {}],
    ...(['counts', 'review'] as const).map((judged): Line => ['watch-began', { judged }]),
    ['checkpoint', {}],
    [
      'command-applied',
      {
        issued: issued('c6', attemptId, { type: 'close', reason: 'A pedido del examinado' }, now),
        outcome: 'applied',
      },
    ],
    ['attempt-closed', { by: 'proctor', remainingMs: 22 * MINUTE }],
  ];
  return lines.map(([type, data], index) => ({
    attemptId: attemptId as AttemptId,
    seq: index + 1,
    t: Math.round((index / lines.length) * 36 * MINUTE),
    wall: began + Math.round((index / lines.length) * 36 * MINUTE),
    type,
    data: data as unknown as JsonObject,
    previous: index === 0 ? '0'.repeat(64) : hashOf(`entry ${index}`),
    hash: hashOf(`entry ${index + 1}`),
  }));
};
