import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { ExamineeId } from '#shared/kernel/ids.ts';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  CONSENT_VERSION,
  type DeletionCertificate,
  DeletionCertificateSchema,
  EnrolmentSignInRequestSchema,
  type EnrolmentStatus,
  EnrolmentStatusSchema,
  type EnrolmentSubmitRequest,
  EnrolmentSubmitRequestSchema,
  type KeptData,
  KeptDataSchema,
} from '#shared/wire/enrolment.ts';
import { CONTENT_SECURITY_POLICY } from '#shared/wire/page-policy.ts';
import { SPECIMEN_NUMBER } from './document-scene.ts';

export const DOCUMENT = SPECIMEN_NUMBER;
export const SECRET = 'lluvia-7402';
export const ROOM_CODE = 'K7QM-2XHD';
const DAY = 86_400_000;

const STATUS: Partial<Record<ProblemCode, number>> = {
  unauthorised: 401,
  'wrong-credentials': 401,
  forbidden: 403,
  'not-found': 404,
  'too-large': 413,
  'rate-limited': 429,
};

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

export const certificate = (id: string, at: number): DeletionCertificate => ({
  format: 'atalaya-deletion-1',
  id,
  at,
  reason: 'consent-withdrawn',
  subject: hash('examinee-1'),
  items: [
    { what: 'template', attemptId: null, hash: null, bytes: 1_024 },
    { what: 'portrait', attemptId: null, hash: hash('portrait'), bytes: 41_200 },
    { what: 'document', attemptId: null, hash: hash('document'), bytes: 88_400 },
  ],
  publicKey: 'A'.repeat(43),
  signature: 'B'.repeat(86),
});

/** A server of enrolments that says what the test tells it to say, in the product's own schemas. */
export interface ScriptedEnrolment {
  readonly address: string;
  status: EnrolmentStatus;
  /** How it stands after the next submission. */
  after: EnrolmentStatus['state'];
  data: KeptData;
  /** What the next requests to these paths answer instead; kept until deleted. */
  readonly refusals: Map<string, Problem>;
  readonly signIns: unknown[];
  readonly submitted: EnrolmentSubmitRequest[];
  deletions: number;
  /** Cuts all connections until it is put back. */
  cable(connected: boolean): void;
  reset(): void;
  stop(): Promise<void>;
}

const statusAt = (now: number): EnrolmentStatus => ({
  examinee: {
    id: 'examinee-1' as ExamineeId,
    name: 'Ana Modelo Ejemplo',
    documentMasked: '301•••••92',
    documentKind: 'cedula',
  },
  state: 'none',
  rejectedReason: null,
  window: { opensAt: now - 3 * DAY, closesAt: now + 4 * DAY },
  open: true,
  serverTime: now,
  retentionDays: 180,
  timeZone: 'America/Guayaquil',
  consentVersion: CONSENT_VERSION,
});

const dataAt = (now: number): KeptData => ({
  rows: [
    {
      what: 'template',
      count: 1,
      since: now - 9 * DAY,
      until: now + 171 * DAY,
      held: false,
      exam: null,
    },
    {
      what: 'portrait',
      count: 1,
      since: now - 9 * DAY,
      until: now + 171 * DAY,
      held: false,
      exam: null,
    },
    {
      what: 'document',
      count: 1,
      since: now - 9 * DAY,
      until: now + 171 * DAY,
      held: false,
      exam: null,
    },
    { what: 'consent', count: 1, since: now - 9 * DAY, until: null, held: false, exam: null },
    {
      what: 'stills',
      count: 6,
      since: now - 2 * DAY,
      until: null,
      held: true,
      exam: 'Matemática básica',
    },
    {
      what: 'ledger',
      count: 412,
      since: now - 2 * DAY,
      until: null,
      held: false,
      exam: 'Matemática básica',
    },
  ],
  looks: [
    { at: now - DAY, role: 'coordinator', what: 'portrait' },
    { at: now - 2 * DAY, role: 'proctor', what: 'document' },
  ],
  certificates: [{ id: 'certificate-0', at: now - 40 * DAY }],
});

/** @param folder the built pages, with the models. */
export const startScriptedEnrolment = async (folder: string): Promise<ScriptedEnrolment> => {
  const app = fastify({ forceCloseConnections: true, bodyLimit: 4 * 1024 * 1024 });
  await app.register(fastifyStatic, { root: folder, redirect: true });
  const TOKEN = 'token-of-the-scripted-server';
  let connected = true;

  const refuse = (reply: FastifyReply, problem: Problem) =>
    reply.code(STATUS[problem.code] ?? 409).send({ problem });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    if (connected) return;
    reply.hijack();
    request.raw.socket.destroy();
  });
  const guard = async (request: FastifyRequest, reply: FastifyReply) => {
    const refusal = server.refusals.get(request.url);
    if (refusal !== undefined) return refuse(reply, refusal);
    const open = request.url === '/api/enrolment/sign-in';
    if (!open && request.headers.authorization !== `Bearer ${TOKEN}`) {
      return refuse(reply, { code: 'unauthorised' });
    }
    return undefined;
  };
  /** The test's own answers must be what the real server may say. */
  const sound = <T>(schema: TSchema, value: T): T => {
    const fits = check(schema, value);
    if (!fits.ok) throw new Error(`${fits.error.path} ${fits.error.message}`);
    return value;
  };
  const options = { preHandler: guard };

  app.post('/api/enrolment/sign-in', options, async (request, reply) => {
    const body = check(EnrolmentSignInRequestSchema, request.body);
    if (!body.ok) return refuse(reply, { code: 'bad-request' });
    server.signIns.push(body.value);
    if ('roomCode' in body.value) {
      if (body.value.roomCode !== ROOM_CODE) return refuse(reply, { code: 'unknown-code' });
    } else if (body.value.document !== DOCUMENT || body.value.secret !== SECRET) {
      return refuse(reply, { code: 'wrong-credentials' });
    }
    return { token: TOKEN, status: sound(EnrolmentStatusSchema, server.status) };
  });
  app.get('/api/enrolment/me', options, async () => sound(EnrolmentStatusSchema, server.status));
  app.post('/api/enrolment/submit', options, async (request, reply) => {
    const body = check(EnrolmentSubmitRequestSchema, request.body);
    if (!body.ok) return refuse(reply, { code: 'bad-request', detail: body.error.path });
    server.submitted.push(body.value);
    server.status = { ...server.status, state: server.after };
    return sound(EnrolmentStatusSchema, server.status);
  });
  app.get('/api/enrolment/me/data', options, async () => sound(KeptDataSchema, server.data));
  app.post('/api/enrolment/me/delete', options, async () => {
    server.deletions += 1;
    server.status = { ...server.status, state: 'none' };
    server.data = {
      ...server.data,
      rows: server.data.rows.filter(({ exam }) => exam !== null),
      certificates: [{ id: 'certificate-1', at: Date.now() }, ...server.data.certificates],
    };
    const proof = certificate('certificate-1', Date.now());
    return { certificate: sound(DeletionCertificateSchema, proof) };
  });
  app.get<{ Params: { id: string } }>(
    '/api/enrolment/me/certificates/:id',
    options,
    async (request) => certificate(request.params.id, Date.now()),
  );

  const server: ScriptedEnrolment = {
    address: '',
    status: statusAt(Date.now()),
    after: 'active',
    data: dataAt(Date.now()),
    refusals: new Map(),
    signIns: [],
    submitted: [],
    deletions: 0,
    cable: (put) => {
      connected = put;
    },
    reset: () => {
      connected = true;
      server.status = statusAt(Date.now());
      server.after = 'active';
      server.data = dataAt(Date.now());
      server.refusals.clear();
      server.signIns.length = 0;
      server.submitted.length = 0;
      server.deletions = 0;
    },
    stop: () => app.close(),
  };
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return Object.assign(server, { address: `http://127.0.0.1:${port}` });
};
