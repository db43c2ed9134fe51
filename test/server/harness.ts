import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { inject } from 'vitest';
import { type RawData, WebSocket } from 'ws';
import { buildApp, type ServerDeps } from '#server/app.ts';
import { compose } from '#server/compose.ts';
import { createDemo, type DemoCredentials, type DemoOptions } from '#server/demo/demo.ts';
import type { ExamineeAccess } from '#server/exam/access-codes.ts';
import { argon2Passwords } from '#server/people/argon2-passwords.ts';
import { systemRandom } from '#server/platform/system.ts';
import type { App } from '#server/platform/typed.ts';
import { hashInput } from '#shared/chain/chain.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { GENESIS, type JsonObject, type LedgerEntry } from '#shared/ledger/entry.ts';
import type { ServerToDashboard } from '#shared/wire/dashboard.ts';
import { roomSocketPath } from '#shared/wire/dashboard.ts';
import { type FactData, type FactType, mustBeSigned } from '#shared/wire/facts.ts';
import type { EnrolResponse, ExamineeSignInResponse } from '#shared/wire/http.ts';
import { KIOSK_SOCKET_PATH, PROTOCOL, type ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import type { Role } from '#shared/wire/roles.ts';
import { testClock } from './test-clock.ts';

/** The weakest argon2 that the library takes: tests are about the flow, not about cost. */
export const quickPasswords = argon2Passwords({ memoryCost: 64, timeCost: 1, parallelism: 1 });

export interface TestServer {
  readonly app: App;
  readonly deps: ServerDeps;
  readonly clock: ReturnType<typeof testClock>;
  readonly credentials: DemoCredentials;
  readonly sqlite: Awaited<ReturnType<typeof compose>>['database']['sqlite'];
  readonly folder: string;
  /** `http://127.0.0.1:port`; listens when first asked. */
  url(): Promise<string>;
  /** Number of entries stored for an attempt. */
  stored(attemptId: string): number;
  /** Stops the server and starts another one on the same data. */
  restart(): Promise<TestServer>;
  close(): Promise<void>;
}

export interface TestServerOptions extends DemoOptions {
  readonly deps?: Partial<ServerDeps>;
  readonly folder?: string;
  readonly credentials?: DemoCredentials;
  readonly clock?: ReturnType<typeof testClock>;
}

const composeIn = (folder: string, clock: ReturnType<typeof testClock>) =>
  compose({
    dataFolder: folder,
    pagesFolder: null,
    logger: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    clock,
    random: systemRandom,
    passwords: quickPasswords,
  });

interface Template {
  readonly folder: string;
  readonly credentials: DemoCredentials;
}
const templates = new Map<string, Promise<Template>>();

/** A data folder with the demo, made once per process and demo; each server gets a copy. */
const template = (options: DemoOptions): Promise<Template> => {
  const key = JSON.stringify(options);
  const made = templates.get(key) ?? makeTemplate(options);
  templates.set(key, made);
  return made;
};

const makeTemplate = async (options: DemoOptions): Promise<Template> => {
  const folder = await mkdtemp(join(inject('scratch'), 'template-'));
  const composed = await composeIn(folder, testClock());
  const credentials = await createDemo(composed.demo, options);
  await composed.database.close();
  if (credentials === null) throw new Error('the folder was not empty');
  return { folder, credentials };
};

/** A real server on a small demo in a temporary folder: real SQLite, real files, a clock that the test moves. */
export const startServer = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const { deps: given, folder: used, credentials: known, clock: running, ...demo } = options;
  const clock = running ?? testClock();
  let folder = used;
  let credentials = known;
  if (folder === undefined || credentials === undefined) {
    const from = await template({ examinees: 12, questionCount: 10, ...demo });
    credentials = from.credentials;
    folder = await mkdtemp(join(tmpdir(), 'atalaya-server-'));
    await cp(from.folder, folder, { recursive: true });
  }
  const composed = await composeIn(folder, clock);
  const deps: ServerDeps = { ...composed.deps, exitCodeIterations: 100, ...given };
  const app = await buildApp(deps);
  const count = composed.database.sqlite.prepare<[string], { n: number }>(
    'SELECT count(*) AS n FROM entries WHERE attempt_no = (SELECT no FROM attempts WHERE id = ?)',
  );
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await app.close();
    await composed.database.close();
  };
  return {
    app,
    deps,
    clock,
    credentials,
    sqlite: composed.database.sqlite,
    folder,
    url: async () => {
      if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
      return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    },
    stored: (attemptId) => count.get(attemptId)?.n ?? 0,
    restart: async () => {
      await close();
      return startServer({ ...options, folder, credentials, clock });
    },
    close: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A device with a real Ed25519 key. */
export interface TestDevice extends EnrolResponse {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

export const newKey = (): { readonly privateKey: KeyObject; readonly publicKey: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey: publicKey.export({ format: 'jwk' }).x ?? '' };
};

export const enrol = async (
  server: TestServer,
  codeIndex = 0,
  name = 'PC-01',
): Promise<TestDevice> => {
  const key = newKey();
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/devices/enrol',
    payload: { code: server.credentials.enrolmentCodes[codeIndex], name, publicKey: key.publicKey },
  });
  if (answer.statusCode !== 200) throw new Error(`enrol: ${answer.body}`);
  return { ...(answer.json() as EnrolResponse), ...key };
};

export const signIn = (
  server: TestServer,
  device: Pick<TestDevice, 'deviceToken'>,
  person: Pick<ExamineeAccess, 'document' | 'accessCode'>,
) =>
  server.app.inject({
    method: 'POST',
    url: '/api/examinees/sign-in',
    headers: { authorization: `Bearer ${device.deviceToken}` },
    payload: {
      document: person.document,
      secret: person.accessCode,
      deviceTime: server.clock.now(),
    },
  });

/** An examinee who signed in on a device, with a ledger that grows. */
export interface TestKiosk {
  readonly device: TestDevice;
  readonly token: string;
  readonly ticket: ExamineeSignInResponse['ticket'];
  readonly attemptId: AttemptId;
  /** Seals the next entry of the ledger. */
  next<T extends FactType>(type: T, data: FactData<T>, t?: number): LedgerEntry;
  /** `attempt-opened`, as a kiosk writes it. */
  opened(build?: string | null): LedgerEntry;
  /** The device check and the rules. */
  steps(): LedgerEntry[];
  /** Everything from the opening to the exam's first second, as an honest kiosk writes it. */
  begun(formHash: string): LedgerEntry[];
  /** So many harmless unsigned entries. */
  visits(count: number): LedgerEntry[];
}

/** Seals an entry by hand, so that a test may also seal what no kiosk would. */
export const seal = (
  draft: Omit<LedgerEntry, 'hash' | 'signature'>,
  privateKey: KeyObject | null,
): LedgerEntry => {
  const entry = { ...draft, hash: hash('sha256', hashInput(draft), 'hex') };
  if (privateKey === null || !mustBeSigned(draft.type)) return entry;
  const signature = sign(null, Buffer.from(entry.hash, 'ascii'), privateKey).toString('base64url');
  return { ...entry, signature };
};

export const kiosk = async (
  server: TestServer,
  index = 0,
  device?: TestDevice,
): Promise<TestKiosk> => {
  const used = device ?? (await enrol(server, index, `PC-${index + 1}`));
  const person = server.credentials.examinees[index];
  if (person === undefined) throw new Error('no such examinee');
  const answer = await signIn(server, used, person);
  if (answer.statusCode !== 200) throw new Error(`sign-in: ${answer.body}`);
  const { token, ticket } = answer.json() as ExamineeSignInResponse;
  let seq = 0;
  let previous = GENESIS;
  let lastT = 0;
  const start = server.clock.now();
  const next: TestKiosk['next'] = (type, data, t) => {
    seq += 1;
    lastT = t ?? lastT + 10;
    const entry = seal(
      {
        attemptId: ticket.attemptId,
        seq,
        t: lastT,
        wall: start + lastT,
        type,
        data: data as unknown as JsonObject,
        previous,
      },
      used.privateKey,
    );
    previous = entry.hash;
    return entry;
  };
  const opened: TestKiosk['opened'] = (build = null) =>
    next('attempt-opened', {
      deviceId: used.deviceId as FactData<'attempt-opened'>['deviceId'],
      sessionId: ticket.sessionId,
      publicKey: used.publicKey,
      host: { kind: 'fake', version: '1', build },
      coverage: { 'forbidden-app': { level: 'not-watched', reason: 'not-built' } },
      policy: ticket.policy,
      identity: ticket.identity,
    });
  const steps = (): LedgerEntry[] => [
    next('device-checked', {
      results: ['server', 'storage', 'camera'].map((requirement) => ({
        requirement,
        outcome: 'ok' as const,
      })),
    }),
    next('rules-accepted', { rulesVersion: ticket.rulesVersion, locale: 'es' }),
  ];
  return {
    device: used,
    token,
    ticket,
    attemptId: ticket.attemptId,
    next,
    opened,
    steps,
    begun: (formHash) => [
      opened(),
      ...steps(),
      ...(ticket.policy.cameraExempt ? [] : [next('framing-confirmed', { evidence: [] })]),
      next('exam-started', {
        durationMs: ticket.exam.durationMs,
        shiftEndsT: ticket.shift.endsAt - start,
        formHash,
      }),
    ],
    visits: (count) =>
      Array.from({ length: count }, (_, i) =>
        next('question-visited', {
          questionId: `q-${i}` as FactData<'question-visited'>['questionId'],
        }),
      ),
  };
};

/** A WebSocket that keeps what it heard. */
export class TestSocket<M> {
  readonly messages: M[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly socket: WebSocket;
  private waiting: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: RawData) => {
      this.messages.push(JSON.parse(data.toString()) as M);
      for (const wake of this.waiting.splice(0)) wake();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on('error', () => {});
  }

  static async open<M>(url: string, headers: Record<string, string> = {}): Promise<TestSocket<M>> {
    const socket = new WebSocket(url, { headers });
    const wrapped = new TestSocket<M>(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return wrapped;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The first message (from `from` on) that fits; waits for it. */
  async until<N extends M>(fits: (message: M) => message is N, from?: number): Promise<N>;
  async until(fits: (message: M) => boolean, from?: number): Promise<M>;
  async until(fits: (message: M) => boolean, from = 0): Promise<M> {
    // The machine may be busy with something else.
    const deadline = Date.now() + 30_000;
    for (;;) {
      const found = this.messages.slice(from).find(fits);
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`nothing fits in ${JSON.stringify(this.messages)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  close(): void {
    this.socket.terminate();
  }
}

export const kioskSocket = async (server: TestServer): Promise<TestSocket<ServerToKiosk>> => {
  const url = (await server.url()).replace('http', 'ws');
  return TestSocket.open<ServerToKiosk>(`${url}${KIOSK_SOCKET_PATH}`);
};

/** Opens the kiosk's socket and says hello. */
export const connect = async (
  server: TestServer,
  { token, attemptId }: Pick<TestKiosk, 'token' | 'attemptId'>,
): Promise<TestSocket<ServerToKiosk>> => {
  const socket = await kioskSocket(server);
  socket.send({ type: 'hello', protocol: PROTOCOL, token, attemptId });
  await socket.until((m) => m.type === 'welcome');
  return socket;
};

/** Signs staff of a role in. @returns the cookie header. */
export const staffCookie = async (server: TestServer, role: Role, index = 0): Promise<string> => {
  const person = server.credentials.staff.filter((staff) => staff.role === role)[index];
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/staff/sign-in',
    payload: { user: person?.user, password: person?.password },
  });
  const [cookie] = answer.cookies;
  if (answer.statusCode !== 200 || cookie === undefined) throw new Error(answer.body);
  return `${cookie.name}=${cookie.value}`;
};

export const roomSocket = async (
  server: TestServer,
  cookie: string,
  place: { readonly roomId: string; readonly sessionId: string },
): Promise<TestSocket<ServerToDashboard>> => {
  const url = (await server.url()).replace('http', 'ws');
  return TestSocket.open<ServerToDashboard>(
    `${url}${roomSocketPath(place.roomId, place.sessionId)}`,
    { cookie },
  );
};
