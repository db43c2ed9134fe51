import { linkFault } from '#shared/chain/verify.ts';
import type { AttemptId, CommandId, StaffId } from '#shared/kernel/ids.ts';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import type { LiveLink, ServerApi } from '#shared/ports/transport.port.ts';
import type { Command, CommandState, IssuedCommand } from '#shared/wire/command.ts';
import { FACTS } from '#shared/wire/facts.ts';
import {
  EnrolRequestSchema,
  EntriesRequestSchema,
  ExamineeSignInRequestSchema,
} from '#shared/wire/http.ts';
import type { LiveState, ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import {
  type KioskToServer,
  KioskToServerSchema,
  MAX_BATCH,
  PROTOCOL,
} from '#shared/wire/kiosk-socket.ts';
import { KIOSK_FRAMES_PATH } from '#shared/wire/polled.ts';
import { type FakeExam, fakeForm, fakeTicket } from './fake-exam.ts';
import type { VirtualTime } from './virtual-time.ts';

type Direction = 'to-server' | 'to-kiosk';
/** What becomes of one socket message: when each of its copies arrives, ms from now. [] drops it. */
export type Weather = (message: KioskToServer | ServerToKiosk, direction: Direction) => number[];

interface Wire {
  onClose(): void;
  onMessage(message: unknown): void;
  attemptId: AttemptId | null;
  open: boolean;
}

export const FAKE_CODE = 'AULA-0001';
export const FAKE_INSTITUTION = 'Universidad de la Costa';
export const FAKE_SECRET = 'secreto';
const token = (attemptId: string) => `token-of-examinee-${attemptId}`;

/** A little central server in memory, with a network that does what the test says. */
export class FakeServer {
  /** false: the cable is out. */
  reachable = true;
  /** false: a proxy lets requests through but no sockets. */
  sockets = true;
  httpDelayMs = 20;
  weather: Weather = () => [5];
  readonly entries = new Map<string, LedgerEntry[]>();
  readonly thumbnails: Uint8Array[] = [];
  readonly evidence = new Map<string, Uint8Array>();
  readonly commands: { readonly issued: IssuedCommand; state: CommandState }[] = [];
  readonly refusals: Problem[] = [];
  /** What the last heartbeat said. */
  heartbeat: LiveState | null = null;
  /** Every entry that ever arrived, duplicates included. */
  arrivals = 0;
  readonly #time: VirtualTime;
  readonly #scheduler;
  readonly #exams = new Map<string, { readonly attemptId: AttemptId; readonly exam: FakeExam }>();
  readonly #began: number;
  readonly #wires = new Set<Wire>();

  constructor(time: VirtualTime) {
    this.#time = time;
    this.#scheduler = time.process();
    this.#began = time.now();
  }

  /** Makes an examinee with an exam. */
  addExaminee(document: string, exam: FakeExam): AttemptId {
    const attemptId = `attempt-${document}` as AttemptId;
    this.#exams.set(document, { attemptId, exam });
    return attemptId;
  }

  of(attemptId: string): LedgerEntry[] {
    return this.entries.get(attemptId) ?? [];
  }

  /** Staff orders something. It is sent now or when the kiosk connects, until it was applied. */
  command(attemptId: AttemptId, command: Command): CommandId {
    const id = `command-${this.commands.length + 1}` as CommandId;
    const issued: IssuedCommand = {
      id,
      attemptId,
      issuedAt: this.#time.now(),
      issuedBy: { id: 'staff-1' as StaffId, name: 'Rosa Cedeño', role: 'proctor' },
      command,
    };
    this.commands.push({ issued, state: 'sent' });
    for (const wire of this.#wires) {
      if (wire.attemptId === attemptId) this.#send(wire, { type: 'command', issued });
    }
    return id;
  }

  /** Sends a command again that was sent before. */
  repeat(id: CommandId): void {
    const known = this.commands.find(({ issued }) => issued.id === id);
    for (const wire of this.#wires) {
      if (known !== undefined) this.#send(wire, { type: 'command', issued: known.issued });
    }
  }

  stateOf(id: CommandId): CommandState | undefined {
    return this.commands.find(({ issued }) => issued.id === id)?.state;
  }

  /** The cable is pulled: nothing arrives, open connections end. */
  cut(): void {
    this.reachable = false;
    for (const wire of [...this.#wires]) this.#close(wire);
  }

  /** The kiosk's process is gone: its connections end without a word to it. */
  hangUp(): void {
    for (const wire of this.#wires) wire.open = false;
    this.#wires.clear();
  }

  restore(): void {
    this.reachable = true;
  }

  readonly api: ServerApi = {
    request: async (method, path, options) => {
      await new Promise<void>((resolve) => this.#scheduler.after(this.httpDelayMs, resolve));
      if (!this.reachable) return fail({ code: 'offline' });
      if (path === KIOSK_FRAMES_PATH) return this.#exchange(options.body);
      const answer = this.#answer(`${method} ${path}`, options);
      return structuredClone(answer);
    },
  };

  readonly #polled = new Map<string, { wire: Wire; out: unknown[]; read: number; heard: number }>();

  /** The frames by plain requests, as the real server's route takes them. */
  async #exchange(body: unknown): Promise<Result<unknown, Problem>> {
    const said = body as {
      link: string;
      first: number;
      frames: KioskToServer[];
      have: number;
      waitMs: number;
    };
    let link = this.#polled.get(said.link);
    if (link === undefined) {
      if (said.frames[0]?.type !== 'hello') return fail({ code: 'not-found' });
      const out: unknown[] = [];
      const wire: Wire = {
        onClose: () => this.#polled.delete(said.link),
        onMessage: (message) => out.push(message),
        attemptId: null,
        open: true,
      };
      this.#wires.add(wire);
      link = { wire, out, read: 0, heard: 0 };
      this.#polled.set(said.link, link);
    }
    said.frames.forEach((frame, i) => {
      if (said.first + i !== (link?.heard ?? 0) + 1 || link === undefined) return;
      link.heard += 1;
      this.#hear(link.wire, frame);
    });
    link.out.splice(0, said.have - link.read);
    link.read = Math.max(link.read, said.have);
    for (let waited = 0; waited < said.waitMs && link.out.length === 0; waited += 50) {
      await new Promise<void>((resolve) => this.#scheduler.after(50, resolve));
      if (!this.reachable || !link.wire.open) return fail({ code: 'offline' });
    }
    return ok(structuredClone({ first: link.read + 1, frames: link.out }));
  }

  readonly live: LiveLink = {
    open: (handlers) => {
      const wire: Wire = {
        onClose: handlers.onClose,
        onMessage: handlers.onMessage,
        attemptId: null,
        open: true,
      };
      this.#wires.add(wire);
      this.#scheduler.after(5, () => {
        if (!this.reachable || !this.sockets) this.#close(wire);
        else if (wire.open) handlers.onOpen();
      });
      return {
        send: (message) => this.#carry(wire, message, 'to-server', () => this.#hear(wire, message)),
        close: () => this.#close(wire),
      };
    },
  };

  #carry(
    wire: Wire,
    message: KioskToServer | ServerToKiosk,
    direction: Direction,
    arrive: () => void,
  ): void {
    for (const delayMs of this.weather(message, direction)) {
      this.#scheduler.after(delayMs, () => {
        if (wire.open && this.reachable) arrive();
      });
    }
  }

  /** Says whatever it is to the kiosk of an attempt, at once: what no server of ours would say too. */
  say(attemptId: string, message: unknown): void {
    for (const wire of this.#wires)
      if (wire.attemptId === attemptId) wire.onMessage(structuredClone(message));
  }

  #send(wire: Wire, message: ServerToKiosk): void {
    this.#carry(wire, message, 'to-kiosk', () => wire.onMessage(structuredClone(message)));
  }

  #close(wire: Wire): void {
    if (!wire.open) return;
    wire.open = false;
    this.#wires.delete(wire);
    this.#scheduler.after(0, wire.onClose);
  }

  #hear(wire: Wire, message: KioskToServer): void {
    const checked = check(KioskToServerSchema, message);
    if (!checked.ok) throw new Error(`kiosk sent what does not fit: ${checked.error.path}`);
    switch (message.type) {
      case 'hello': {
        if (message.token !== token(message.attemptId)) {
          this.#send(wire, { type: 'refused', problem: { code: 'unauthorised' } });
          return;
        }
        wire.attemptId = message.attemptId;
        const last = this.of(message.attemptId).at(-1);
        this.#send(wire, {
          type: 'welcome',
          protocol: PROTOCOL,
          serverTime: this.#time.now(),
          lastSeq: last?.seq ?? 0,
          lastHash: last?.hash ?? GENESIS,
        });
        for (const { issued, state } of this.commands) {
          const isOpen = state === 'sent' || state === 'delivered';
          if (isOpen && issued.attemptId === message.attemptId) {
            this.#send(wire, { type: 'command', issued });
          }
        }
        return;
      }
      case 'entries': {
        const stored = this.#ingest(message.entries);
        if (stored.ok) this.#send(wire, { type: 'ack', ...stored.value });
        else {
          this.refusals.push(stored.error);
          const expectedSeq = this.of(wire.attemptId ?? '').length;
          this.#send(wire, { type: 'refused', problem: stored.error, expectedSeq });
        }
        return;
      }
      case 'heartbeat':
        this.heartbeat = message.live;
        this.#send(wire, {
          type: 'heartbeat-ack',
          sentAt: message.sentAt,
          serverTime: this.#time.now(),
        });
        return;
      case 'command-received': {
        const known = this.commands.find(({ issued }) => issued.id === message.commandId);
        if (known?.state === 'sent') known.state = 'delivered';
        return;
      }
    }
  }

  #ingest(entries: readonly LedgerEntry[]): Result<{ seq: number; hash: string }, Problem> {
    for (const entry of entries) {
      this.arrivals += 1;
      const list = this.of(entry.attemptId);
      const known = list[entry.seq - 1];
      if (known !== undefined) {
        if (known.hash !== entry.hash) return fail({ code: 'chain-broken' });
        continue;
      }
      if (entry.seq > list.length + 1) return fail({ code: 'conflict', detail: 'gap' });
      const fault = linkFault(list.at(-1) ?? null, entry);
      if (fault !== null) return fail({ code: 'chain-broken', detail: fault });
      this.entries.set(entry.attemptId, [...list, structuredClone(entry)]);
      this.#noteApplied(entry);
    }
    const last = this.of(entries[0]?.attemptId ?? '').at(-1);
    return ok({ seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS });
  }

  #noteApplied(entry: LedgerEntry): void {
    if (entry.type !== 'command-applied') return;
    const data = check(FACTS['command-applied'], entry.data);
    if (!data.ok) return;
    const known = this.commands.find(({ issued }) => issued.id === data.value.issued.id);
    if (known !== undefined) known.state = data.value.outcome;
  }

  #answer(
    route: string,
    { body, bytes, token: bearer }: Parameters<ServerApi['request']>[2],
  ): Result<unknown, Problem> {
    const refuse = (code: ProblemCode) => fail({ code });
    if (route === 'GET /api/health') {
      return ok({ status: 'ok', serverTime: this.#time.now(), protocol: PROTOCOL });
    }
    if (route === 'GET /api/institution') return ok({ name: FAKE_INSTITUTION });
    if (route === 'POST /api/devices/enrol') {
      const said = check(EnrolRequestSchema, body);
      if (!said.ok) return refuse('bad-request');
      if (said.value.code !== FAKE_CODE) return refuse('unknown-code');
      return ok({
        deviceId: 'device-1',
        deviceName: said.value.name,
        deviceToken: 'token-of-device-0001',
      });
    }
    if (route === 'POST /api/examinees/sign-in') {
      if (bearer !== 'token-of-device-0001') return refuse('device-not-enrolled');
      const said = check(ExamineeSignInRequestSchema, body);
      if (!said.ok) return refuse('bad-request');
      const known = this.#exams.get(said.value.document);
      if (known === undefined || said.value.secret !== FAKE_SECRET) {
        return refuse('wrong-credentials');
      }
      return ok({
        token: token(known.attemptId),
        serverTime: this.#time.now(),
        ticket: fakeTicket(known.attemptId, this.#began, known.exam),
        template: known.exam.template ?? null,
        lastSeq: this.of(known.attemptId).length,
      });
    }
    return this.#answerInAttempt(route, bearer ?? '', body, bytes);
  }

  #answerInAttempt(
    route: string,
    bearer: string,
    body: unknown,
    bytes: Uint8Array | undefined,
  ): Result<unknown, Problem> {
    const [, attemptId = '', rest = ''] = /\/api\/attempts\/([^/]+)\/(.+)$/.exec(route) ?? [];
    if (bearer !== token(attemptId)) return fail({ code: 'unauthorised' });
    if (rest === 'form') return ok(fakeForm(attemptId as AttemptId));
    if (rest.startsWith('entries?after=')) {
      const after = Number(rest.slice('entries?after='.length));
      return ok({ entries: this.of(attemptId).slice(after, after + MAX_BATCH) });
    }
    if (rest === 'entries') {
      const said = check(EntriesRequestSchema, body);
      return said.ok ? this.#ingest(said.value.entries) : fail({ code: 'bad-request' });
    }
    if (rest === 'thumbnail' && bytes !== undefined) {
      this.thumbnails.push(bytes);
      return ok({});
    }
    const hash = rest.replace('evidence/', '');
    const named = this.of(attemptId).some((entry) => JSON.stringify(entry.data).includes(hash));
    if (!named || bytes === undefined) {
      this.refusals.push({ code: 'not-found', detail: 'evidence before its entry' });
      return fail({ code: 'not-found' });
    }
    this.evidence.set(hash, bytes);
    return ok({ hash });
  }
}
