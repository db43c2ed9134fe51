import { pbkdf2Sync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, JsonObject } from './canonical.ts';
import { ask, type Form, type SignedIn, type Ticket } from './http.ts';
import { type DeviceKey, hashOf, openLedger, sha256 } from './ledger.ts';
import type { Frame, OpenRoad, Road } from './roads.ts';
import { rules, type Told } from './rules.ts';

/** Entries in one message. */
const BATCH = 200;
const HEARTBEAT_MS = 5_000;

export interface Device {
  readonly deviceId: string;
  readonly deviceToken: string;
}

export const enrol = (origin: string, code: string, key: DeviceKey, name: string) =>
  ask<Device>(origin, 'POST', '/api/devices/enrol', null, {
    code,
    name,
    publicKey: key.publicKey,
  });

export const signIn = (origin: string, device: Device, document: string, secret: string) =>
  ask<SignedIn>(origin, 'POST', '/api/examinees/sign-in', device.deviceToken, {
    document,
    secret,
    deviceTime: Date.now(),
  });

/** The code as it is hashed. */
const codeText = (code: string): string =>
  code
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');

/** "Staff at the machine". @returns the proof; null when the code is wrong. */
export const proofOf = (
  { salt, hash, iterations }: NonNullable<Ticket['staffExit']>,
  attemptId: string,
  code: string,
  act: string,
): string | null => {
  const stretched = (hex: string): string =>
    pbkdf2Sync(codeText(code), Buffer.from(hex, 'hex'), iterations, 32, 'sha256').toString('hex');
  if (stretched(salt) !== hash) return null;
  const key = stretched(sha256(`atalaya staff key ${salt}`).slice(0, 32));
  return sha256(`${key} ${attemptId} ${act}`);
};

interface Issued extends JsonObject {
  readonly id: string;
  readonly command: JsonObject & { readonly type: string };
}

/** A kiosk without a screen: whoever drives it is examinee, sensors and camera. */
export const openKiosk = async (
  origin: string,
  device: Device,
  key: DeviceKey,
  signedIn: SignedIn,
  openRoad: OpenRoad,
) => {
  const { ticket, token, serverTime } = signedIn;
  const { attemptId, policy } = ticket;
  const ledger = openLedger(attemptId, key);
  const judge = rules(policy);
  const beganMs = performance.now();
  const offset = serverTime - beganMs;
  let firstMs: number | null = null;
  let acked = 0;
  let sent = 0;
  let road: Road | null = null;
  let runs = false;
  let startedT = 0;
  let stoppedMs = 0;
  let stoppedT: number | null = null;
  let shiftEndsT = 0;
  let closedBy: string | null = null;
  const orders: Issued[] = [];
  const refusals: JsonObject[] = [];

  const now = (): number => {
    firstMs ??= performance.now();
    return Math.floor(performance.now() - firstMs);
  };
  const wallNow = (): number => Math.round(performance.now() + offset);

  const deliver = (): void => {
    while (road !== null && sent < ledger.entries.length) {
      const entries = ledger.entries.slice(sent, sent + BATCH);
      road.say({ type: 'entries', entries: entries as unknown as Json });
      sent += entries.length;
    }
  };
  const put = (type: string, data: JsonObject, t = now()): number => {
    ledger.seal(type, data, t, wallNow());
    deliver();
    return t;
  };
  /** What the rules make of something comes right after it. A closing comes with the last copy attempt. */
  const follow = (all: readonly Told[]): void => {
    for (const [type, data] of all) put(type, data);
  };
  const settle = (): void => {
    if (runs) follow(judge.time(now()));
  };
  const stop = (t: number): void => {
    runs = false;
    stoppedT = t;
    follow(judge.stops(t));
  };
  const run = (t: number): void => {
    runs = true;
    if (stoppedT !== null) stoppedMs += t - stoppedT;
    stoppedT = null;
    judge.runs(t);
  };

  const hear = (frame: Frame): void => {
    if (frame.type === 'welcome') {
      acked = Number(frame.lastSeq);
      sent = acked;
      const own = ledger.entries[acked - 1]?.hash ?? '0'.repeat(64);
      if (own !== frame.lastHash) throw new Error('the two ledgers differ');
    } else if (frame.type === 'ack') acked = Math.max(acked, Number(frame.seq));
    else if (frame.type === 'command') {
      const issued = frame.issued as Issued;
      if (orders.some(({ id }) => id === issued.id)) return;
      orders.push(issued);
      road?.say({ type: 'command-received', commandId: issued.id });
    } else if (frame.type === 'refused') refusals.push(frame);
  };

  let beats: NodeJS.Timeout | null = null;
  const connect = async (): Promise<void> => {
    let welcome = (): void => undefined;
    const welcomed = new Promise<void>((resolve) => {
      welcome = resolve;
    });
    const hello = { type: 'hello', protocol: 1, token, attemptId };
    road = await openRoad(origin, hello, (frame) => {
      hear(frame);
      if (frame.type === 'welcome') welcome();
    });
    await welcomed;
    const live = { latencyMs: null, battery: null, charging: null, pending: 0 };
    beats = setInterval(
      () => road?.say({ type: 'heartbeat', sentAt: Date.now(), live }),
      HEARTBEAT_MS,
    );
    deliver();
  };

  /** Exam time that is left, ms. */
  const left = (t: number): number => {
    const standing = stoppedT === null ? 0 : t - stoppedT;
    const end = Math.min(startedT + ticket.exam.durationMs + stoppedMs + standing, shiftEndsT);
    return Math.max(0, end - t);
  };
  const close = (by: string): void => {
    const t = now();
    put('attempt-closed', { by, remainingMs: left(t) }, t);
    closedBy = by;
    if (runs) stop(t);
  };
  const limit = (): void => {
    const standing = new Set(
      ledger.entries.flatMap(({ type, data }) => (type === 'copy-attempt' ? [data.episodeId] : [])),
    ).size;
    const dismissed = ledger.entries.filter(
      ({ type, data }) =>
        type === 'command-applied' && (data.issued as Issued).command.type === 'dismiss',
    ).length;
    if (standing - dismissed >= policy.copyAttemptLimit) close('copy-attempts');
  };

  /** Carries one order out, as its type asks. */
  const obey = (issued: Issued): void => {
    const { type } = issued.command;
    const t = put('command-applied', { issued, outcome: 'applied' });
    if ((type === 'pause' || type === 'release') && runs) stop(t);
    if (type === 'resume') run(t);
    if (type === 'message') put('message-read', { commandId: issued.id });
    if (type === 'close') close('proctor');
    if (type === 'dismiss' && closedBy === 'copy-attempts') {
      closedBy = null;
      run(t);
    }
  };

  const upload = async (picture: Uint8Array<ArrayBuffer>): Promise<JsonObject> => {
    const hash = sha256(picture);
    await ask(origin, 'PUT', `/api/attempts/${attemptId}/evidence/${hash}`, token, picture);
    return { hash, mime: 'image/jpeg', bytes: picture.byteLength, t: now() };
  };

  return {
    attemptId,
    ticket,
    ledger,
    refusals: refusals as readonly JsonObject[],
    connect,
    disconnect: (): void => {
      if (beats !== null) clearInterval(beats);
      road?.close();
      road = null;
    },
    /** From the opening to the waiting room of an exam that is checked by hand. */
    prepare: async (picture: Uint8Array<ArrayBuffer>): Promise<void> => {
      put('attempt-opened', {
        deviceId: device.deviceId,
        sessionId: ticket.sessionId,
        publicKey: key.publicKey,
        host: { kind: 'protocol-client', version: '1', build: null },
        coverage: { 'focus-lost': { level: 'detected' }, clipboard: { level: 'detected' } },
        policy,
        identity: ticket.identity,
      });
      const results = ['server', 'storage', 'camera'].map((requirement) => ({
        requirement,
        outcome: 'ok',
      }));
      put('device-checked', { results });
      put('rules-accepted', { rulesVersion: ticket.rulesVersion, locale: 'es' });
      put('framing-confirmed', { evidence: [await upload(picture)] });
    },
    start: async (): Promise<Form> => {
      const form = await ask<Form>(origin, 'GET', `/api/attempts/${attemptId}/form`, token);
      const t = now();
      startedT = t;
      shiftEndsT = t + ticket.shift.endsAt - wallNow();
      const { durationMs } = ticket.exam;
      put('exam-started', { durationMs, shiftEndsT, formHash: hashOf(form) }, t);
      run(t);
      return form;
    },
    /** "It is I", and the camera is judged so many ms later. */
    passGate: async (graceMs: number): Promise<void> => {
      const pressedT = put('gate-passed', {});
      while (now() < pressedT + graceMs) await sleep(5);
      settle();
      judge.watchBegan(put('watch-began', { judged: 'counts' }));
    },
    visit: (questionId: string): void => void put('question-visited', { questionId }),
    answer: (questionId: string, optionIds: readonly string[]): void =>
      void put('answer-saved', { questionId, optionIds }),
    /** A single act that a sensor states. */
    happened: (kind: string, facts: JsonObject): void => {
      settle();
      const t = now();
      put('observation', { kind, phase: 'happened', t, facts }, t);
      follow(judge.happened(kind, t, facts));
      limit();
    },
    /** Something that lasts, for so long that it is an incident, and some longer. */
    lasts: async (kind: string, facts: JsonObject, moreMs: number): Promise<void> => {
      const t = now();
      put('observation', { kind, phase: 'began', t, facts }, t);
      judge.began(kind, t, facts);
      for (let due = judge.dueT(); due !== null; due = judge.dueT()) {
        while (now() < due) await sleep(5);
        settle();
      }
      limit();
      if (closedBy !== null) return;
      await sleep(moreMs);
      const endT = now();
      put('observation', { kind, phase: 'ended', t: endT, facts: {} }, endT);
      await sleep((policy.kinds[kind]?.breakMs ?? 0) + 10);
      follow(judge.ended(kind, endT));
    },
    note: (type: string, data: JsonObject): void => void put(type, data),
    /** Staff gives the session's code at the machine: the exam pauses. */
    staffExit: (code: string, reason: string): boolean => {
      const { staffExit } = ticket;
      const proof = staffExit === null ? null : proofOf(staffExit, attemptId, code, 'staff-exit');
      if (proof === null) {
        put('staff-exit', { outcome: 'refused', reason });
        return false;
      }
      const t = put('staff-exit', { outcome: 'opened', reason, proof });
      if (runs) stop(t);
      return true;
    },
    /** Waits for the next order of this type and carries it out. */
    obey: async (type: string): Promise<Issued> => {
      const done = () =>
        new Set(ledger.entries.map(({ data }) => (data.issued as Issued | undefined)?.id));
      for (;;) {
        const issued = orders.find(({ id, command }) => command.type === type && !done().has(id));
        if (issued !== undefined) {
          settle();
          obey(issued);
          return issued;
        }
        await sleep(5);
      }
    },
    finish: (): void => {
      settle();
      close('examinee');
    },
    closedBy: (): string | null => closedBy,
    /** Waits until everything is acknowledged. */
    delivered: async (): Promise<void> => {
      while (acked < ledger.entries.length) await sleep(5);
    },
    /** The same by one request: for what is delivered later. */
    deliverByHttp: async (): Promise<void> => {
      for (let i = acked; i < ledger.entries.length; i = acked) {
        const entries = ledger.entries.slice(i, i + BATCH) as unknown as Json;
        const path = `/api/attempts/${attemptId}/entries`;
        const { seq } = await ask<{ seq: number }>(origin, 'POST', path, token, { entries });
        acked = seq;
        sent = seq;
      }
    },
    /** What the server has, from the first entry on. */
    stored: async (): Promise<readonly JsonObject[]> => {
      const all: JsonObject[] = [];
      for (;;) {
        const path = `/api/attempts/${attemptId}/entries?after=${all.length}`;
        const page = await ask<{ entries: JsonObject[] }>(origin, 'GET', path, token);
        if (page.entries.length === 0) return all;
        all.push(...page.entries);
      }
    },
    receipt: (): string => {
      const last = ledger.entries.at(-1);
      return `atalaya-receipt:1:${attemptId}:${last?.seq}:${last?.hash}`;
    },
  };
};
