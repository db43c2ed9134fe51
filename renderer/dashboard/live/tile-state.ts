import type { Accommodation } from '#shared/incident/accommodation.ts';
import { catalogued } from '#shared/incident/catalogue.ts';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';
import type { IncidentView, Tile } from '#shared/wire/dashboard.ts';

/** What a tile says first. Every one has a word and an icon; colour comes third. */
export type StateKey =
  | 'expected'
  | 'device-check'
  | 'rules'
  | 'framing'
  | 'identity'
  | 'waiting'
  | 'in-progress'
  | 'paused'
  | 'submitted'
  | 'timed-out'
  | 'closed-copy'
  | 'closed-proctor'
  /** By staff, while the machine did not answer. */
  | 'ended-closed'
  | 'ended-revoked'
  | 'ended-let-go'
  /** Somebody goes on with it on another machine. */
  | 'carried-on';

/** `alarm` is red: only for counted copy attempts and a closed exam. `look` is amber: a person should look. */
export type Tone = 'quiet' | 'plain' | 'ok' | 'hold' | 'look' | 'alarm' | 'done';

export type Attention =
  | 'chain-broken'
  | 'chain-contradicted'
  | 'chain-gap'
  | 'chain-full'
  | 'closed-copy'
  | 'objection'
  | 'identity'
  | 'identity-refused'
  | 'offline'
  | 'released'
  /** The exam runs and nobody has said at the machine who sits there. */
  | 'gate-press'
  /** Somebody has, and the camera shows nobody by whom counting could begin. */
  | 'gate-picture'
  | 'build'
  | 'last-chance'
  | 'incident'
  | 'battery';

/** Without a camera there is no picture to look at and no view of the room to ask for (Art. 26d). */
export const CAMERA_EXEMPT = 'camera-exempt' satisfies Accommodation;

/** An incident that is over draws attention this long, ms. */
const RECENT_MS = 3 * MINUTE;
const LOW_BATTERY = 0.15;
/** Reading the screen and sitting down take so long; only then a person should go and look, ms. */
const AT_GATE_MS = 30_000;

export const stateOf = (tile: Tile): StateKey => {
  if (tile.phase !== 'closed') return tile.phase;
  if (tile.carriedOn === true) return 'carried-on';
  switch (tile.closedBy) {
    case 'copy-attempts':
      return 'closed-copy';
    case 'time':
      return 'timed-out';
    case 'examinee':
      return 'submitted';
    default:
      // What the machine itself came to weighs more than what was decided while nobody heard of it.
      if (tile.ended !== undefined) return `ended-${tile.ended.kind}`;
      return tile.closedBy === 'proctor' ? 'closed-proctor' : 'submitted';
  }
};

const STATE_TONE: Readonly<Record<StateKey, Tone>> = {
  expected: 'quiet',
  'device-check': 'plain',
  rules: 'plain',
  framing: 'plain',
  identity: 'plain',
  waiting: 'plain',
  'in-progress': 'ok',
  paused: 'hold',
  submitted: 'done',
  'timed-out': 'done',
  'closed-copy': 'alarm',
  'closed-proctor': 'alarm',
  'ended-closed': 'done',
  'ended-revoked': 'alarm',
  'ended-let-go': 'hold',
  'carried-on': 'quiet',
};

export const stateTone = (state: StateKey): Tone => STATE_TONE[state];

export type IncidentClass = 'counted' | 'same-act' | 'dismissed' | 'review' | 'technical';

/** How an incident weighs: what counts, what people should look at, and what nobody did. */
export const classOf = (incident: IncidentView): IncidentClass => {
  if (incident.dismissed !== null) return 'dismissed';
  if (incident.copyAttempt !== null) return 'counted';
  if (incident.counted) return 'same-act';
  return catalogued(incident.kind)?.family === 'technical' ? 'technical' : 'review';
};

const isOver = (tile: Tile): boolean => tile.phase === 'closed';

/** Whether the tile's own connection is missing where it should be there. */
const isOffline = (tile: Tile): boolean => tile.connection === 'offline' && !isOver(tile);

const drawsTheEye = (incident: IncidentView | null, now: EpochMs): boolean => {
  if (incident === null) return false;
  const weight = classOf(incident);
  if (weight === 'technical' || weight === 'dismissed') return false;
  return incident.endedT === null || now - incident.startedAt < RECENT_MS;
};

/**
 * Why a person should look at this examinee, most pressing first.
 * @param objections how many objections of the examinee nobody has answered.
 * @param now the server's time.
 */
export const attentionOf = (tile: Tile, objections: number, now: EpochMs): readonly Attention[] => {
  const reasons: Attention[] = [];
  if (tile.chain === 'broken') reasons.push('chain-broken');
  if (tile.chain === 'contradicted') reasons.push('chain-contradicted');
  if (tile.chain === 'gap') reasons.push('chain-gap');
  if (tile.chain === 'full') reasons.push('chain-full');
  if (stateOf(tile) === 'closed-copy') reasons.push('closed-copy');
  if (objections > 0) reasons.push('objection');
  if (awaitsDecision(tile)) reasons.push('identity');
  if (!isOver(tile) && tile.identity === 'refused') reasons.push('identity-refused');
  if (isOffline(tile)) reasons.push('offline');
  if (isOver(tile)) return reasons;
  if (tile.gate !== null && now - tile.gate.since >= AT_GATE_MS)
    reasons.push(`gate-${tile.gate.waitsFor}`);
  if (tile.released) reasons.push('released');
  if (tile.build === 'not-allowed') reasons.push('build');
  if (tile.copyAttempts > 0 && tile.copyAttempts === tile.copyAttemptLimit - 1) {
    reasons.push('last-chance');
  }
  if (drawsTheEye(tile.lastIncident, now)) reasons.push('incident');
  if (tile.battery !== null && tile.battery <= LOW_BATTERY && tile.charging !== true) {
    reasons.push('battery');
  }
  return reasons;
};

/** Whether somebody sits there and cannot begin before a person has decided who it is (Art. 21, 31). */
export const awaitsDecision = (tile: Tile): boolean =>
  tile.identity === 'needs-person' && !isOver(tile);

/** The colour of the whole tile: red for a closed exam, amber when a person should look, else its state's. */
export const tileTone = (tile: Tile, attention: readonly Attention[]): Tone => {
  const own = stateTone(stateOf(tile));
  if (own === 'alarm') return own;
  return attention.length > 0 ? 'look' : own;
};

export type TotalKey = 'present' | 'in-progress' | 'paused' | 'closed' | 'offline' | 'attention';
export const TOTAL_KEYS: readonly TotalKey[] = [
  'present',
  'in-progress',
  'paused',
  'closed',
  'offline',
  'attention',
];

/** Which of the room's totals a tile is part of. */
export const totalsOf = (tile: Tile, attention: readonly Attention[]): readonly TotalKey[] => {
  const keys: TotalKey[] = [];
  // The same person is counted where they go on.
  if (tile.carriedOn === true) return keys;
  if (tile.connection !== 'never' || tile.phase !== 'expected') keys.push('present');
  if (tile.phase === 'in-progress') keys.push('in-progress');
  if (tile.phase === 'paused') keys.push('paused');
  if (tile.phase === 'closed') keys.push('closed');
  if (isOffline(tile)) keys.push('offline');
  if (attention.length > 0) keys.push('attention');
  return keys;
};

const ACCENTS = /\p{Diacritic}/gu;
const plain = (text: string): string =>
  text.normalize('NFD').replace(ACCENTS, '').toLocaleLowerCase('es');

/** Whether every word of the search is in the name or the seat; accents and case do not matter. */
export const matches = (tile: Tile, search: string): boolean => {
  const place = plain(`${tile.seat} ${tile.examinee.name}`);
  return plain(search)
    .split(/\s+/)
    .every((word) => place.includes(word));
};
