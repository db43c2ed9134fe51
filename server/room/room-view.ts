import { maskDocument } from '#server/people/mask-document.ts';
import { serverTimeOf } from '#server/record/attempt-fold.ts';
import { decidedOf, type Ending, endingOf, isOver } from '#server/record/ending.ts';
import { effectivePolicy } from '#server/record/given-out.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { Notice, StoredCommand } from '#server/record/ports.ts';
import type { Registration } from '#server/record/registry-ports.ts';
import {
  type AttemptState,
  deadlineT,
  type IncidentRecord,
  identityStatus,
  remainingMs,
} from '#shared/attempt/attempt-state.ts';
import { carriedStanding, copyCount, numberOverall } from '#shared/attempt/copy-count.ts';
import { ACCOMMODATIONS } from '#shared/incident/accommodation.ts';
import { notWatchedIn } from '#shared/incident/coverage.ts';
import { thresholdsOf } from '#shared/incident/identity-thresholds.ts';
import type { Evidence } from '#shared/incident/incident.ts';
import type { EpisodeId, IncidentId } from '#shared/kernel/ids.ts';
import { toEpochMs, toExamTime } from '#shared/kernel/time.ts';
import type { AttemptIdentity } from '#shared/wire/attempt-identity.ts';
import type { CommandView, IncidentView, Tile } from '#shared/wire/dashboard.ts';
import type { BuildState } from '#shared/wire/devices.ts';

/** Only what this build knows of a still: members of a later one are for the export. */
const stillView = ({ hash, mime, bytes, t, others }: Evidence): Evidence => ({
  hash,
  mime,
  bytes,
  t,
  ...(others === undefined
    ? {}
    : { others: others.map(({ x, y, width, height }) => ({ x, y, width, height })) }),
});

/** The incident as people have decided it, of one that the ledger has just told. */
export const asDecided = (attempt: LiveAttempt, incident: IncidentRecord): IncidentRecord => {
  const decided = decidedOf(attempt);
  if (decided === attempt.state) return incident;
  return decided.incidents.find(({ id }) => id === incident.id) ?? incident;
};

/** @param incident as people have decided it. */
export const incidentView = (attempt: LiveAttempt, incident: IncidentRecord): IncidentView => ({
  id: incident.id,
  attemptId: attempt.registration.attemptId,
  kind: incident.kind,
  startedT: incident.startedT,
  endedT: incident.endedT,
  startedAt: serverTimeOf(attempt, incident.startedT),
  counted: incident.counted,
  episodeId: incident.episodeId,
  copyAttempt:
    incident.copyAttempt === null ? null : numberOverall(incident.copyAttempt, attempt.state),
  dismissed: incident.dismissed,
  objection: incident.objection,
  facts: incident.facts,
  evidence: incident.evidence.map(stillView),
});

/** What the server noticed itself, shown like an incident that never counts. */
export const noticeView = (attempt: LiveAttempt, notice: Notice): IncidentView => {
  const t = attempt.wallOffset === null ? 0 : toExamTime(notice.at - attempt.wallOffset);
  return {
    id: notice.id as IncidentId,
    attemptId: notice.attemptId,
    kind: notice.kind,
    startedT: t,
    endedT: t,
    startedAt: notice.at,
    counted: false,
    episodeId: notice.id as EpisodeId,
    copyAttempt: null,
    dismissed: null,
    objection: null,
    facts: notice.facts,
    evidence: [],
  };
};

/** All incidents of the attempt, its own and the server's, oldest first. */
export const incidentViews = (attempt: LiveAttempt): readonly IncidentView[] =>
  [
    ...decidedOf(attempt).incidents.map((incident) => incidentView(attempt, incident)),
    ...attempt.notices.map((notice) => noticeView(attempt, notice)),
  ].sort((a, b) => a.startedAt - b.startedAt);

export const commandView = ({ issued, state }: StoredCommand): CommandView => ({
  id: issued.id,
  attemptId: issued.attemptId,
  issuedAt: issued.issuedAt,
  issuedBy: issued.issuedBy.name,
  command: issued.command,
  state,
});

/**
 * What a person needs to decide who sits there.
 * @param enrolled what there is to compare with; null when there is nothing (any more).
 */
export const identityView = (
  { state }: LiveAttempt,
  enrolled: AttemptIdentity['enrolled'],
): AttemptIdentity => ({
  settings: state.identity.settings,
  status: identityStatus(state.identity),
  thresholds: thresholdsOf(state.policy),
  documentMissing: state.identity.documentMissing,
  checks: state.identity.checks.map((found) => ({ ...found, evidence: [...found.evidence] })),
  decision: state.identity.decision,
  enrolled,
  roomScans: state.roomScans.map(({ t, outcome, evidence }) => ({
    t,
    outcome,
    evidence: [...evidence],
  })),
});

const lastIncident = (attempt: LiveAttempt): IncidentView | null => {
  const incident = decidedOf(attempt).incidents.at(-1);
  const notice = attempt.notices.at(-1);
  const own = incident === undefined ? null : incidentView(attempt, incident);
  if (notice === undefined) return own;
  if (own !== null && own.startedAt >= notice.at) return own;
  return noticeView(attempt, notice);
};

const chainOf = ({ brokenReason, contradictions, presence }: LiveAttempt): Tile['chain'] => {
  if (brokenReason !== null) return 'broken';
  if (contradictions.length > 0) return 'contradicted';
  if (presence.full !== null) return 'full';
  return presence.gap ? 'gap' : 'ok';
};

/** Who is not in yet, and since when. */
const gateOf = ({ state, wallOffset }: LiveAttempt): Tile['gate'] => {
  const { gate } = state;
  if (gate === null || wallOffset === null) return null;
  return gate.pressedT === null
    ? { waitsFor: 'press', since: wallOffset + gate.sinceT }
    : { waitsFor: 'picture', since: wallOffset + gate.pressedT };
};

/** What staff decided while the kiosk was gone, and what came afterwards. */
const endedOf = ({ registration, state }: LiveAttempt, ending: Ending | null) => ({
  ...(ending === null
    ? {}
    : {
        ended: {
          kind: ending.kind,
          at: ending.at,
          by: ending.by,
          reason: ending.reason,
          later: Math.max(0, state.seq - ending.seq),
        },
      }),
  ...(registration.carriedOnBy === null ? {} : { carriedOn: true }),
});

/** What counts on from the machines before. */
const carriesOf = ({ carries }: Registration, state: AttemptState): Pick<Tile, 'carries'> => {
  if (carries === null) return {};
  if (carries.carried === null) return { carries: { copyAttempts: carries.copyAttempts } };
  const from = carries.carried.attempts.map(({ attemptId, incidentId }) => {
    return { attemptId, incidentId };
  });
  return { carries: { copyAttempts: carriedStanding(state).length, from } };
};

/**
 * The attempt as its tile on the room's plan.
 * @param build what the institution's list says of its kiosk's build.
 */
export const tileOf = (attempt: LiveAttempt, build: BuildState): Tile => {
  const { registration, state, presence } = attempt;
  const { live } = presence;
  const ending = endingOf(attempt);
  const decided = { ...decidedOf(attempt), policy: state.policy ?? effectivePolicy(registration) };
  const { standing, limit } = copyCount(decided);
  const over = state.phase === 'closed' || ending !== null;
  const stands = state.stoppedSinceT !== null || over;
  const end = stands ? null : deadlineT(state, state.t);
  return {
    attemptId: registration.attemptId,
    examinee: {
      name: registration.examinee.name,
      documentMasked: maskDocument(registration.examinee.document),
      accommodations: ACCOMMODATIONS.filter((code) => registration.accommodations.has(code)),
    },
    seat: registration.seat,
    phase: state.seq === 0 ? 'expected' : over ? 'closed' : state.phase,
    // Under the limit again, it is what staff decided that closes it.
    closedBy: ending !== null && !isOver(decided) ? null : state.closedBy,
    copyAttempts: standing,
    copyAttemptLimit: limit,
    answered: Object.values(state.answers).filter((options) => options.length > 0).length,
    questions: registration.exam.questionCount,
    endsAt:
      end === null || attempt.wallOffset === null ? null : toEpochMs(attempt.wallOffset + end),
    frozenRemainingMs: stands ? remainingMs(state, state.t) : null,
    lastIncident: lastIncident(attempt),
    connection:
      presence.link !== null
        ? 'online'
        : presence.heardAt === null && state.seq === 0
          ? 'never'
          : 'offline',
    connectionSince: presence.connectionSince,
    latencyMs: presence.link === null ? null : (live?.latencyMs ?? null),
    battery: live?.battery ?? null,
    charging: live?.charging ?? null,
    pending: live?.pending ?? 0,
    ...(live?.unsaved === undefined ? {} : { unsaved: live.unsaved }),
    deviceName: registration.device?.name ?? null,
    notWatched: state.seq === 0 ? [] : notWatchedIn(state.coverage),
    build,
    ...endedOf(attempt, ending),
    ...carriesOf(registration, decided),
    released: state.released,
    identity: identityStatus(state.identity),
    roomScan: !over && state.roomScanAsked !== null,
    gate: over ? null : gateOf(attempt),
    chain: chainOf(attempt),
  };
};
