import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, preHandlerAsyncHookHandler } from 'fastify';
import type { TSchema } from 'typebox';
import type { AttemptId, ExamineeId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  type DeletionCertificate,
  DeletionCertificateSchema,
  EnrolmentDecisionRequestSchema,
  EnrolmentDeleteRequestSchema,
  type EnrolmentList,
  EnrolmentListSchema,
  HoldChangeSchema,
  type KeptAttempts,
  KeptAttemptsSchema,
  type Retention,
  RetentionChangeSchema,
  RetentionSchema,
} from '#shared/wire/enrolment.ts';
import { still } from './still.ts';

type Row = EnrolmentList['enrolments'][number];
const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Enrolments and what is kept, as the scripted server has them, and what was ordered. */
export interface ScriptedPrivacy {
  people: Row[];
  retention: Retention;
  attempts: KeptAttempts['attempts'];
  /** Every look at a picture, `examinee picture`. */
  readonly looks: string[];
  /** What was ordered, oldest first. */
  readonly done: string[];
  reset(): void;
}

const person = (id: string, name: string, change: Partial<Row>): Row => ({
  examineeId: id as ExamineeId,
  name,
  documentMasked: '093•••••17',
  state: 'active',
  at: Date.now() - 20 * DAY,
  documentKind: 'cedula',
  documentQr: null,
  changeDistance: null,
  documentDoubt: null,
  ...change,
});

const people = (): Row[] => [
  person('examinee-1', 'Andrade Ponce Lucía', {
    state: 'waiting',
    at: Date.now() - 2 * HOUR,
    changeDistance: 0.31,
    documentQr: 'https://identidad.example/validar?codigo=SPECIMEN-1',
  }),
  person('examinee-2', 'Quishpe Morocho Édison Alexander', {
    state: 'waiting',
    at: Date.now() - 26 * HOUR,
    changeDistance: 0.74,
    documentDoubt: 3,
    documentKind: 'passport',
    documentMasked: 'A1•••••9',
  }),
  person('examinee-3', 'Zambrano Intriago María Fernanda', {}),
  person('examinee-4', 'Zambrano Vera Kevin', { state: 'none', at: null, documentKind: null }),
  person('examinee-5', 'Zambrano Loor Josué', { state: 'rejected' }),
];

const retention = (): Retention => ({
  clockWaits: { serverTime: Date.now() + 30 * DAY, certainTime: Date.now() },
  processes: [
    {
      examId: 'exam-1',
      title: 'Matemática básica, nivelación',
      retentionDays: 180,
      claimsClosedAt: null,
      deletesAt: null,
      held: 1,
      pictures: 214,
      deletedAt: null,
    },
    {
      examId: 'exam-2',
      title: 'Suficiencia de inglés B1',
      retentionDays: 90,
      claimsClosedAt: Date.now() - 30 * DAY,
      deletesAt: Date.now() + 60 * DAY,
      held: 0,
      pictures: 58,
      deletedAt: null,
    },
    {
      examId: 'exam-3',
      title: 'Examen complexivo de Enfermería',
      retentionDays: 180,
      claimsClosedAt: Date.now() - 200 * DAY,
      deletesAt: Date.now() - 20 * DAY,
      held: 0,
      pictures: 0,
      deletedAt: Date.now() - 20 * DAY,
    },
  ],
  certificates: [
    { id: 'certificate-1', at: Date.now() - 20 * DAY, reason: 'retention-over', items: 391 },
    { id: 'certificate-2', at: Date.now() - 41 * DAY, reason: 'consent-withdrawn', items: 3 },
  ],
});

const attempts = (): KeptAttempts['attempts'] => [
  {
    attemptId: 'attempt-1' as AttemptId,
    name: 'Andrade Ponce Lucía',
    documentMasked: '093•••••17',
    startedAt: Date.now() - 3 * DAY,
    pictures: 12,
    held: false,
  },
  {
    attemptId: 'attempt-2' as AttemptId,
    name: 'Quishpe Morocho Édison Alexander',
    documentMasked: 'A1•••••9',
    startedAt: Date.now() - 3 * DAY,
    pictures: 1,
    held: true,
  },
];

const proof = (id: string): DeletionCertificate => ({
  format: 'atalaya-deletion-1',
  id,
  at: Date.now(),
  reason: 'ordered',
  subject: createHash('sha256').update('examinee-3').digest('hex'),
  items: [{ what: 'template', attemptId: null, hash: null, bytes: 1_024 }],
  publicKey: 'A'.repeat(43),
  signature: 'B'.repeat(86),
});

/** @param refuse answers with a problem. */
export const scriptedPrivacy = (
  app: FastifyInstance,
  guard: preHandlerAsyncHookHandler,
  refuse: (reply: FastifyReply, problem: Problem) => FastifyReply,
): ScriptedPrivacy => {
  const state: ScriptedPrivacy = {
    people: [],
    retention: { clockWaits: null, processes: [], certificates: [] },
    attempts: [],
    looks: [],
    done: [],
    reset: () => {
      state.people = people();
      state.retention = retention();
      state.attempts = attempts();
      state.looks.length = 0;
      state.done.length = 0;
    },
  };
  state.reset();
  /** The test's own answers must be what the real server may say. */
  const sound = <T>(schema: TSchema, value: T): T => {
    const fits = check(schema, value);
    if (!fits.ok) throw new Error(`${fits.error.path} ${fits.error.message}`);
    return value;
  };
  const options = { preHandler: guard };
  const change = (id: string, to: Partial<Row>): void => {
    state.people = state.people.map((row) => (row.examineeId === id ? { ...row, ...to } : row));
  };

  app.get<{ Querystring: { state?: string; search?: string } }>(
    '/api/enrolments',
    options,
    async (request) => {
      const words = request.query.search?.toLowerCase();
      const enrolments = state.people.filter((row) =>
        words === undefined ? row.state === 'waiting' : row.name.toLowerCase().includes(words),
      );
      return sound(EnrolmentListSchema, { enrolments });
    },
  );
  app.get<{ Params: { id: string; picture: string } }>(
    '/api/enrolments/:id/pictures/:picture',
    options,
    async (request, reply) => {
      const { id, picture } = request.params;
      state.looks.push(`${id} ${picture}`);
      if (id === 'examinee-2' && picture === 'document') {
        return refuse(reply, { code: 'not-found' });
      }
      const hash = createHash('sha256').update(`${id} ${picture}`).digest('hex');
      reply.header('content-type', 'image/jpeg').header('cache-control', 'no-store');
      return reply.send(await still(hash));
    },
  );
  app.post<{ Params: { id: string } }>(
    '/api/enrolments/:id/decision',
    options,
    async (request, reply) => {
      const body = check(EnrolmentDecisionRequestSchema, request.body);
      if (!body.ok) return refuse(reply, { code: 'bad-request' });
      const { decision, reason } = body.value;
      state.done.push(`${decision} ${request.params.id}: ${reason}`);
      change(request.params.id, { state: decision === 'approve' ? 'active' : 'rejected' });
      return {};
    },
  );
  app.post<{ Params: { id: string } }>(
    '/api/enrolments/:id/room-code',
    options,
    async (request) => {
      state.done.push(`room-code ${request.params.id}`);
      return { code: 'K7QM-2XHD', expiresAt: Date.now() + HOUR / 2 };
    },
  );
  app.post<{ Params: { id: string } }>(
    '/api/enrolments/:id/delete',
    options,
    async (request, reply) => {
      const body = check(EnrolmentDeleteRequestSchema, request.body);
      if (!body.ok) return refuse(reply, { code: 'bad-request' });
      state.done.push(`delete ${request.params.id}: ${body.value.reason}`);
      change(request.params.id, { state: 'none', at: null });
      return { certificate: sound(DeletionCertificateSchema, proof('certificate-9')) };
    },
  );
  app.get('/api/retention', options, async () => sound(RetentionSchema, state.retention));
  app.get('/api/retention/:examId/attempts', options, async () =>
    sound(KeptAttemptsSchema, { attempts: state.attempts }),
  );
  app.post<{ Params: { examId: string } }>(
    '/api/retention/:examId',
    options,
    async (request, reply) => {
      const body = check(RetentionChangeSchema, request.body);
      if (!body.ok) return refuse(reply, { code: 'bad-request' });
      const { claimsClosedAt, retentionDays, reason } = body.value;
      const { examId } = request.params;
      state.done.push(`clock ${examId} ${claimsClosedAt} ${retentionDays}: ${reason}`);
      state.retention = {
        ...state.retention,
        processes: state.retention.processes.map((process) =>
          process.examId === examId
            ? {
                ...process,
                claimsClosedAt,
                retentionDays,
                deletesAt: claimsClosedAt === null ? null : claimsClosedAt + retentionDays * DAY,
              }
            : process,
        ),
      };
      return {};
    },
  );
  app.post<{ Params: { id: string } }>(
    '/api/attempts/:id/hold',
    options,
    async (request, reply) => {
      const body = check(HoldChangeSchema, request.body);
      if (!body.ok) return refuse(reply, { code: 'bad-request' });
      const { held, reason } = body.value;
      const { id } = request.params;
      state.done.push(`${held ? 'hold' : 'release'} ${id}: ${reason}`);
      state.attempts = state.attempts.map((one) => (one.attemptId === id ? { ...one, held } : one));
      return {};
    },
  );
  app.get<{ Params: { id: string } }>('/api/certificates/:id', options, async (request) =>
    sound(DeletionCertificateSchema, proof(request.params.id)),
  );
  return state;
};
