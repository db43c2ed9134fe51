import { createHash } from 'node:crypto';
import { BY_HAND } from '#shared/identity/identity-facts.ts';
import { USUAL_THRESHOLDS } from '#shared/incident/identity-thresholds.ts';
import type { Evidence } from '#shared/incident/incident.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { AttemptId, EpisodeId, IncidentId, RoomId } from '#shared/kernel/ids.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import type { AttemptIdentity } from '#shared/wire/attempt-identity.ts';
import type { IncidentView, RoomSummary, SeatMap, Tile } from '#shared/wire/dashboard.ts';

const NAMES = [
  'Alvarado Cedeño, Valentina',
  'Arteaga Mora, José Luis',
  'Bajaña Suárez, Kevin Alexander',
  'Barzola Vera, Génesis Nicole',
  'Cabrera Ortiz, María Fernanda',
  'Castro Zambrano, Ana Belén',
  'Chávez Ronquillo, Diego',
  'Coello Franco, Luis Enrique',
  'Delgado Peña, Ariana',
  'Espinoza Loor, Carlos Andrés',
  'Figueroa Intriago, Karla',
  'Galarza Yépez, Ómar',
  'Guamán Quishpe, Rosa Elena',
  'Herrera Tandazo, Bryan',
  'Intriago Moreira, Daniela Estefanía',
  'Jaramillo Paredes, Sofía',
  'Lema Toapanta, Segundo Manuel',
  'Macías Briones, Emily',
  'Mendoza Vélez, Jorge Washington',
  'Navarrete Solís, Camila',
  'Ñauñay Guaranda, Milton',
  'Ochoa Cárdenas, Paúl',
  'Pazmiño Rivadeneira, Andrea Monserrate',
  'Quinde Morocho, Wilson',
  'Ramírez Lucas, Jennifer',
  'Salazar Nieto, Mateo Sebastián',
  'Tigrero Reyes, Doménica',
  'Uvidia Naranjo, Israel',
  'Villacís Murillo, Melany',
  'Zúñiga Alcívar, Josué',
];

/** Rows lettered from the front; one empty column as the aisle, when there is one. */
export const seatMap = (rows: number, columns: number, aisle: number | null): SeatMap => ({
  rows,
  columns,
  seats: Array.from({ length: rows }, (_r, row) =>
    Array.from({ length: columns }, (_c, column) => ({ row, column }))
      .filter(({ column }) => column !== aisle)
      .map((seat, place) => ({ ...seat, label: `${String.fromCharCode(65 + row)}${place + 1}` })),
  ).flat(),
});

export const SESSION = 'session-a';
export const ROOM = 'room-lab-3';

export const roomSummary = (now: number, map: SeatMap = seatMap(5, 7, 3)): RoomSummary => ({
  id: ROOM as RoomId,
  name: 'Laboratorio 3',
  venue: 'Campus Milagro, bloque B',
  timeZone: 'America/Guayaquil',
  seatMap: map,
  sessions: [
    {
      id: SESSION,
      examTitle: 'Fundamentos de Tecnologías de la Información',
      startsAt: now - 32 * MINUTE,
      endsAt: now + 43 * MINUTE,
      expected: 30,
    },
  ],
});

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface IncidentChange {
  readonly agoMs?: number;
  readonly lastedMs?: number | null;
  readonly copyAttempt?: number | null;
  readonly counted?: boolean;
  readonly stills?: number;
  readonly objection?: string | null;
  readonly dismissed?: IncidentView['dismissed'];
  readonly facts?: IncidentView['facts'];
  readonly episode?: string;
}

/** An incident of an attempt; its id is made of kind and start, as the rules make it. */
export const incident = (
  attemptId: string,
  kind: IncidentKind,
  now: number,
  change: IncidentChange = {},
): IncidentView => {
  const { agoMs = 4 * SECOND, lastedMs = 3 * SECOND, copyAttempt = null, stills = 0 } = change;
  const startedT = 32 * MINUTE - agoMs;
  const id = `${kind}:${startedT}`;
  return {
    id: id as IncidentId,
    attemptId: attemptId as AttemptId,
    kind,
    startedT,
    endedT: lastedMs === null ? null : startedT + lastedMs,
    startedAt: now - agoMs,
    counted: change.counted ?? copyAttempt !== null,
    episodeId: (change.episode ?? `episode-${id}`) as EpisodeId,
    copyAttempt,
    dismissed: change.dismissed ?? null,
    objection: change.objection ?? null,
    facts: change.facts ?? {},
    evidence: Array.from({ length: stills }, (_s, index) => ({
      hash: hashOf(`${attemptId} ${id} ${index}`),
      mime: 'image/jpeg' as const,
      bytes: 20_000,
      t: startedT + index * SECOND,
    })),
  };
};

/** A quiet examinee in the middle of the exam. */
export const tile = (
  index: number,
  seat: string,
  now: number,
  change: Partial<Tile> = {},
): Tile => ({
  attemptId: `attempt-${index + 1}` as AttemptId,
  examinee: {
    name: NAMES[index % NAMES.length] ?? 'Sin nombre',
    documentMasked: `••••••${String(1_000 + ((index * 737) % 9_000))}`,
    accommodations: [],
  },
  seat,
  phase: 'in-progress',
  identity: 'by-hand',
  roomScan: false,
  gate: null,
  closedBy: null,
  copyAttempts: 0,
  copyAttemptLimit: 3,
  answered: 9 + ((index * 5) % 17),
  questions: 40,
  endsAt: now + 28 * MINUTE + ((index * 7) % 60) * SECOND,
  frozenRemainingMs: null,
  lastIncident: null,
  connection: 'online',
  connectionSince: now - 35 * MINUTE,
  latencyMs: 12 + ((index * 13) % 60),
  battery: null,
  charging: null,
  pending: 0,
  deviceName: `LAB3-${String(index + 1).padStart(2, '0')}`,
  notWatched: [],
  build: 'not-checked',
  released: false,
  chain: 'ok',
  ...change,
});

export const IDENTITY_BY_HAND: AttemptIdentity = {
  settings: BY_HAND,
  status: 'by-hand',
  thresholds: USUAL_THRESHOLDS,
  documentMissing: false,
  checks: [],
  decision: null,
  enrolled: null,
  roomScans: [],
};

const stillAt = (name: string, t: number): Evidence => ({
  hash: hashOf(name),
  mime: 'image/jpeg',
  bytes: 20_000,
  t,
});

/** Two checks that did not verify, with an enrolment to compare with. */
export const doubtfulIdentity = (change: Partial<AttemptIdentity> = {}): AttemptIdentity => ({
  settings: { check: 'face', enrolled: true, challenge: true },
  status: 'needs-person',
  thresholds: USUAL_THRESHOLDS,
  documentMissing: false,
  checks: [
    {
      t: 2 * MINUTE,
      outcome: 'challenge-failed',
      distance: null,
      challenge: 'failed',
      evidence: [],
    },
    {
      t: 3 * MINUTE,
      outcome: 'unsure',
      distance: 0.583,
      challenge: 'passed',
      evidence: [stillAt('live 1', 3 * MINUTE), stillAt('live 2', 3 * MINUTE + SECOND)],
    },
  ],
  decision: null,
  enrolled: {
    at: Date.UTC(2026, 6, 14, 15),
    portrait: true,
    document: 'cedula',
    documentQr: 'https://cedula.gob.ec/v?d=0912345678&s=9f3c1a',
  },
  roomScans: [],
  ...change,
});

/** A view of the room with its pictures. */
export const roomScanShown = (t: number): AttemptIdentity['roomScans'][number] => ({
  t,
  outcome: 'shown',
  evidence: Array.from({ length: 8 }, (_still, i) => stillAt(`room ${i}`, t + i * SECOND)),
});

export interface RoomData {
  readonly tiles: readonly Tile[];
  /** Newest first. */
  readonly incidents: readonly IncidentView[];
}

/** Thirty examinees, between them in every state that a tile knows. */
export const denseRoom = (now: number, map: SeatMap = seatMap(5, 7, 3)): RoomData => {
  const seats = map.seats.map((seat) => seat.label);
  const incidents: IncidentView[] = [];
  const add = (index: number, kind: IncidentKind, change: IncidentChange): IncidentView => {
    const added = incident(`attempt-${index + 1}`, kind, now, change);
    incidents.push(added);
    return added;
  };
  const web: Partial<Tile> = {
    notWatched: ['forbidden-app', 'peripheral', 'remote-session', 'screenshot'],
  };
  const stopped = { endsAt: null, frozenRemainingMs: 21 * MINUTE + 14 * SECOND };
  const changes: Readonly<Record<number, Partial<Tile>>> = {
    1: { battery: 0.64, charging: true },
    2: {
      copyAttempts: 1,
      lastIncident: add(2, 'focus-lost', {
        agoMs: 9 * MINUTE,
        copyAttempt: 1,
        stills: 2,
        facts: { hidden: true },
      }),
    },
    3: {
      lastIncident: add(3, 'turned-away', {
        agoMs: 40 * SECOND,
        lastedMs: null,
        stills: 1,
        facts: { yaw: 0.41, neutral: 0.02 },
      }),
    },
    5: { ...web, battery: 0.12, charging: false },
    6: {
      copyAttempts: 2,
      lastIncident: add(6, 'clipboard', {
        agoMs: 75 * SECOND,
        copyAttempt: 2,
        stills: 3,
        facts: { action: 'paste' },
        objection: 'No pegué nada: se me trabó la tecla control al escribir.',
      }),
    },
    8: {
      phase: 'closed',
      closedBy: 'copy-attempts',
      copyAttempts: 3,
      ...stopped,
      lastIncident: add(8, 'several-faces', {
        agoMs: 3 * MINUTE,
        copyAttempt: 3,
        stills: 3,
        facts: { faces: 2 },
      }),
    },
    9: { phase: 'paused', ...stopped },
    11: {
      connection: 'offline',
      connectionSince: now - 130 * SECOND,
      latencyMs: null,
      pending: 0,
      lastIncident: add(11, 'connectivity-lost', { agoMs: 130 * SECOND, lastedMs: null }),
    },
    12: { phase: 'waiting', endsAt: null, answered: 0, connectionSince: now - 4 * MINUTE },
    13: { phase: 'framing', endsAt: null, answered: 0 },
    14: { phase: 'rules', endsAt: null, answered: 0, ...web },
    15: { phase: 'device-check', endsAt: null, answered: 0 },
    16: {
      phase: 'expected',
      endsAt: null,
      answered: 0,
      connection: 'never',
      connectionSince: null,
      latencyMs: null,
      deviceName: null,
    },
    18: {
      phase: 'closed',
      closedBy: 'examinee',
      answered: 40,
      ...stopped,
      connection: 'offline',
      latencyMs: null,
    },
    19: { phase: 'closed', closedBy: 'time', ...stopped, frozenRemainingMs: 0 },
    20: { phase: 'closed', closedBy: 'proctor', ...stopped },
    21: { chain: 'gap', pending: 46, latencyMs: 1_480 },
    22: { chain: 'broken' },
    24: {
      lastIncident: add(24, 'low-light', {
        agoMs: 12 * MINUTE,
        lastedMs: 26 * SECOND,
        facts: { mean: 31 },
      }),
    },
    25: {
      lastIncident: add(25, 'focus-lost', {
        agoMs: 16 * MINUTE,
        copyAttempt: 1,
        dismissed: { by: 'Mónica Andrade', reason: 'Aviso del sistema, no fue su acción' },
      }),
    },
    26: {
      lastIncident: add(26, 'device-failure', {
        agoMs: 7 * MINUTE,
        lastedMs: 8 * SECOND,
        facts: { part: 'vision' },
      }),
    },
    28: {
      copyAttempts: 1,
      lastIncident: add(28, 'outside-input', {
        agoMs: 5 * MINUTE,
        counted: true,
        episode: 'episode-shared',
        facts: { shortcut: 'Alt+Tab' },
      }),
    },
  };
  const tiles = seats.slice(0, 29).map((seat, index) => {
    const made = tile(index, seat, now, changes[index]);
    return index === 5
      ? {
          ...made,
          examinee: { ...made.examinee, accommodations: ['extra-time', 'camera-exempt'] },
        }
      : made;
  });
  return { tiles, incidents: incidents.sort((a, b) => b.startedAt - a.startedAt) };
};

/** Forty quiet examinees on eight columns, for the hardest case of the plan. */
export const fortyRoom = (
  now: number,
): { readonly map: SeatMap; readonly tiles: readonly Tile[] } => {
  const map = seatMap(5, 8, null);
  return { map, tiles: map.seats.map((seat, index) => tile(index, seat.label, now)) };
};
