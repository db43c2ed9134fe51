import { hash } from 'node:crypto';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { entryWords } from '#renderer/dashboard/attempt/entry-words.ts';
import { applyMessage, EMPTY_ROOM } from '#renderer/dashboard/live/room-store.ts';
import { attentionOf, stateOf } from '#renderer/dashboard/live/tile-state.ts';
import { formatClock } from '#renderer/ui/time-format.ts';
import { NOTHING_FOLDED } from '#server/record/attempt-fold.ts';
import { type IngestOutcome, ingest } from '#server/record/ingest.ts';
import { advance, type LiveAttempt } from '#server/record/live-attempt.ts';
import type { Registration } from '#server/record/registry-ports.ts';
import { shownEvents } from '#server/room/room-events.ts';
import { incidentViews, tileOf } from '#server/room/room-view.ts';
import { INITIAL_REPLAY, type Replay, replayEntry } from '#shared/attempt/replay.ts';
import { hashInput } from '#shared/chain/chain.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { MAX_DATA_SIZE } from '#shared/kernel/bounds.ts';
import {
  GENESIS,
  type JsonObject,
  type LedgerEntry,
  LedgerEntrySchema,
} from '#shared/ledger/entry.ts';
import { type ServerToDashboard, ServerToDashboardSchema } from '#shared/wire/dashboard.ts';
import { FACTS, mustBeSigned } from '#shared/wire/facts.ts';
import { KioskToServerSchema } from '#shared/wire/kiosk-socket.ts';
import { amount } from './amount.ts';
import { fitting, pick, type Random, randomOf, spoiled } from './from-schema.ts';

const ENTRIES = amount(20_000);
const MESSAGES = 20_000;
const PER_ATTEMPT = 400;
const SIGNATURE = 'A'.repeat(86);
const WHEN = Date.UTC(2026, 10, 30);

const types = Object.keys(FACTS) as (keyof typeof FACTS)[];
const isEntry = Compile(LedgerEntrySchema);
const isMessage = Compile(KioskToServerSchema);
const isShown = Compile(ServerToDashboardSchema);
const takes = new Map(types.map((type) => [type, Compile(FACTS[type] as TSchema)]));

const registration = {
  attemptId: 'attempt-1',
  sessionId: 'session-1',
  examinee: { id: 'e-1', name: 'Ana', document: '0912345678' },
  seat: 'A1',
  carries: null,
  carriedOnBy: null,
  accommodations: new Set(),
  device: { id: 'device-1', publicKey: 'A'.repeat(43), name: 'PC' },
  exam: { policy: DEFAULT_POLICY, questionCount: 10 },
  shift: { startsAt: WHEN, endsAt: WHEN + 7_200_000 },
} as unknown as Registration;

const attempt = (): LiveAttempt => ({
  registration,
  presence: {
    attemptId: registration.attemptId,
    shiftEndsAt: WHEN,
    deviceId: null,
    phase: 'device-check',
    link: null,
    connectionSince: null,
    heardAt: null,
    heardSteady: null,
    live: null,
    gap: false,
    full: null,
  },
  ...NOTHING_FOLDED,
  commands: new Map(),
  notices: [],
  brokenReason: null,
  contradictions: [],
  kept: { seq: 0, bytes: 0 },
  bytes: null,
});

/** What somebody may seal who wants to do harm: of every type, valid data and spoiled ones. */
const sealed = (of: LiveAttempt, random: Random): LedgerEntry => {
  const { seq, hash: previous, t } = of.state;
  const type = seq === 0 ? 'attempt-opened' : pick(random, types);
  const valid = fitting(FACTS[type] as TSchema, random) as JsonObject;
  const opened =
    type === 'attempt-opened'
      ? {
          deviceId: 'device-1',
          sessionId: 'session-1',
          publicKey: 'A'.repeat(43),
          policy: DEFAULT_POLICY,
        }
      : {};
  const whole = { ...valid, ...opened };
  const spoil = seq > 0 && random() < 0.3;
  const unknown = seq > 0 && random() < 0.03;
  const draft = {
    attemptId: registration.attemptId,
    seq: seq + 1,
    t: Math.min(10_000_000_000_000, random() < 0.01 ? t + 1e12 : t + Math.floor(random() * 5_000)),
    wall: fitting(LedgerEntrySchema.properties.wall, random) as number,
    type: unknown ? 'later-kind' : type,
    data: (spoil ? spoiled(whole, random) : whole) as JsonObject,
    previous: seq === 0 ? GENESIS : previous,
  };
  const name = hash('sha256', hashInput(draft), 'hex');
  return { ...draft, hash: name, ...(mustBeSigned(draft.type) ? { signature: SIGNATURE } : {}) };
};

/** Everything that a dashboard makes of an attempt, without its pages. */
const shown = (of: LiveAttempt, entries: readonly LedgerEntry[]): void => {
  const tile = tileOf(of, 'not-checked');
  const incidents = incidentViews(of).slice(-50);
  const events = shownEvents();
  events.note(of);
  const message: ServerToDashboard = {
    type: 'snapshot',
    serverTime: WHEN,
    sessionId: 'session-1',
    tiles: [tile],
    incidents,
    commands: [],
    roomEvents: [...events.views()],
  };
  if (!isShown.Check(message)) {
    throw new Error(`no dashboard takes it: ${JSON.stringify(isShown.Errors(message)[0])}`);
  }
  applyMessage(EMPTY_ROOM, message);
  stateOf(tile);
  attentionOf(tile, 1, WHEN);
  if (tile.endsAt !== null) formatClock(tile.endsAt, 'es');
  for (const { startedAt } of incidents) formatClock(startedAt, 'es', true);
  for (const entry of entries) {
    entryWords(entry);
    formatClock(entry.wall, 'en', true);
    new Date(entry.wall).toISOString();
  }
};

test(`${ENTRIES} entries, valid and spoiled: what is stored has an end, and every view of it stands`, async () => {
  const random = randomOf(20_261_130);
  let stored = 0;
  let refused = 0;
  let largest = 0;
  const log = {
    append: async (entries: readonly { readonly text: string }[]) => {
      stored += entries.length;
      for (const { text } of entries) largest = Math.max(largest, text.length);
    },
    hashAt: async () => null,
    weight: async () => 0,
  };
  const silent = () => {};
  const faults: unknown[] = [];
  const intake = ingest({
    log,
    clock: { now: () => WHEN },
    chain: { broken: silent, gap: silent, full: silent },
    facts: { committed: silent, changed: silent, turnEnded: silent },
    serverLog: (level: string, message: string, detail: unknown) => {
      if (level === 'error') faults.push([message, detail]);
    },
    attempts: { readOn: async () => false },
  } as unknown as Parameters<typeof ingest>[0]);
  const submit = (of: LiveAttempt, entries: readonly LedgerEntry[]): Promise<IngestOutcome> =>
    new Promise((settled) => intake.submit(of, entries, { settled }));

  let made = 0;
  while (made < ENTRIES) {
    const one = attempt();
    let replay: Replay = INITIAL_REPLAY;
    const kept: LedgerEntry[] = [];
    for (let n = 0; n < PER_ATTEMPT; n += 1) {
      made += 1;
      const entry = sealed(one, random);
      // As the socket does: what is no entry at all never comes to the ingest.
      if (!isEntry.Check(entry)) {
        refused += 1;
        continue;
      }
      const { refusal } = await submit(one, [entry]);
      if (refusal === null) {
        kept.push(entry);
        replay = replayEntry(replay, entry);
      } else {
        expect(['bad-request', 'too-large']).toContain(refusal.problem.code);
        refused += 1;
      }
    }
    shown(one, kept);
    advance(one, one);
  }
  expect(faults).toEqual([]);
  expect(stored + refused).toBe(made);
  expect(stored, 'valid ones are taken').toBeGreaterThan(ENTRIES * 0.6);
  expect(refused, 'spoiled ones are not').toBeGreaterThan(ENTRIES * 0.1);
  expect(largest).toBeLessThan(MAX_DATA_SIZE * 2);
}, 120_000);

test('the generator makes what each schema takes, of every type', () => {
  const random = randomOf(1);
  for (const type of types) {
    for (let n = 0; n < 200; n += 1) {
      const value = fitting(FACTS[type] as TSchema, random);
      if (takes.get(type)?.Check(value) !== true) {
        throw new Error(`${type}: ${JSON.stringify(takes.get(type)?.Errors(value)[0])}`);
      }
    }
  }
});

test(`${MESSAGES} messages, valid and spoiled, are taken or refused, and none breaks the reader`, () => {
  const random = randomOf(2);
  let taken = 0;
  for (let n = 0; n < MESSAGES; n += 1) {
    const valid = fitting(KioskToServerSchema, random);
    const value = random() < 0.5 ? valid : spoiled(valid, random);
    if (isMessage.Check(JSON.parse(JSON.stringify(value)))) taken += 1;
  }
  expect(taken).toBeGreaterThan(MESSAGES * 0.4);
  expect(taken).toBeLessThan(MESSAGES * 0.8);
}, 60_000);
