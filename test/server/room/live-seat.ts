import { NOTHING_FOLDED } from '#server/record/attempt-fold.ts';
import { foldedOf, type LiveAttempt } from '#server/record/live-attempt.ts';
import type { IncidentRecord } from '#shared/attempt/attempt-state.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { NOW } from '#test/server/test-clock.ts';

/** An incident at exam time `at`, ms, as far as a room's events look at it. */
export const incidentOf = (one: {
  readonly at: number;
  readonly kind: string;
  readonly copyAttempt?: number | null;
}): IncidentRecord =>
  ({
    id: `${one.kind}-${one.at}-${one.copyAttempt ?? 0}`,
    kind: one.kind,
    startedT: one.at,
    endedT: null,
    counted: one.copyAttempt != null,
    episodeId: `episode-${one.at}`,
    copyAttempt: one.copyAttempt ?? null,
    dismissed: null,
    facts: {},
    evidence: [],
  }) as unknown as IncidentRecord;

/**
 * A seat of one session in the server's memory, its exam begun at `NOW`.
 * @param of.linked whether its kiosk is connected; `heardT` when it was last heard of, `t` its last entry, ms of exam time.
 */
export const liveSeat = (of: {
  readonly seat: number;
  readonly machine?: number;
  readonly seq?: number;
  readonly device?: boolean;
  readonly linked?: boolean;
  readonly t?: number;
  readonly heardT?: number;
  readonly closedT?: number;
  readonly endedT?: number;
}): LiveAttempt => {
  const attemptId = `attempt-${of.seat}-${of.machine ?? 1}`;
  const ending = {
    issued: {
      issuedAt: NOW + (of.endedT ?? 0),
      issuedBy: { name: 'Eva' },
      command: { type: 'close', ending: 'let-go', reason: 'se apagó' },
    },
    ended: { no: 1, seq: 1, leftMs: null },
  };
  return {
    registration: {
      attemptId,
      examinee: { id: `examinee-${of.seat}` },
      device: of.device === false ? null : { id: 'device' },
      exam: { policy: DEFAULT_POLICY },
    },
    presence: {
      link: (of.linked ?? true) ? {} : null,
      heardAt: of.heardT === undefined ? null : NOW + of.heardT,
    },
    ...foldedOf(NOTHING_FOLDED as unknown as LiveAttempt),
    wallOffset: NOW,
    state: {
      ...NOTHING_FOLDED.state,
      seq: of.seq ?? 9,
      t: of.t ?? 0,
      closedT: of.closedT ?? null,
    },
    commands: new Map(of.endedT === undefined ? [] : [['command', ending]]),
    notices: [],
  } as unknown as LiveAttempt;
};
