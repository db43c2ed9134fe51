import type { FastifyInstance, FastifyReply, preHandlerAsyncHookHandler } from 'fastify';
import type { SessionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  type IdentitySetup,
  IdentitySetupSchema,
  NewWindowSchema,
  SessionIdentitySchema,
  ThumbnailChangeSchema,
  WindowRemovalSchema,
} from '#shared/wire/identity-setup.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Dates, sessions and exams as the scripted server has them, and what was ordered. */
export interface ScriptedSetup {
  answer: IdentitySetup;
  readonly done: string[];
  reset(): void;
}

const sessionRow = (
  no: number,
  room: string,
  change: Partial<IdentitySetup['sessions'][number]>,
): IdentitySetup['sessions'][number] => ({
  id: `session-${no}` as SessionId,
  room,
  venue: 'Ciudadela Universitaria de Manta',
  timeZone: 'America/Guayaquil',
  examTitle: 'Matemática básica, nivelación',
  startsAt: Date.now() + DAY,
  check: 'face',
  challenge: true,
  begun: false,
  ...change,
});

const setup = (): IdentitySetup => ({
  venues: [
    { id: 'venue-1', name: 'Ciudadela Universitaria de Manta', timeZone: 'America/Guayaquil' },
    { id: 'venue-2', name: 'Extensión Chone', timeZone: 'America/Guayaquil' },
  ],
  windows: [
    {
      id: 'window-1',
      venueId: null,
      venue: null,
      timeZone: null,
      opensAt: Date.now() - 3 * DAY,
      closesAt: Date.now() + 4 * DAY,
    },
    {
      id: 'window-2',
      venueId: 'venue-2',
      venue: 'Extensión Chone',
      timeZone: 'America/Guayaquil',
      opensAt: Date.now() + 10 * DAY,
      closesAt: Date.now() + 12 * DAY,
    },
  ],
  sessions: [
    sessionRow(1, 'Laboratorio de Cómputo 1', { startsAt: Date.now() - HOUR, begun: true }),
    sessionRow(2, 'Laboratorio de Cómputo 2', {}),
    sessionRow(3, 'Aula 204', {
      check: 'by-hand',
      challenge: false,
      venue: 'Extensión Chone',
      timeZone: 'America/Guayaquil',
      examTitle: 'Examen complexivo de Enfermería, segunda convocatoria',
    }),
  ],
  exams: [
    { id: 'exam-1', title: 'Matemática básica, nivelación', thumbnails: false, begun: true },
    {
      id: 'exam-2',
      title: 'Examen complexivo de Enfermería, segunda convocatoria',
      thumbnails: true,
      begun: false,
    },
    { id: 'exam-3', title: 'Suficiencia de inglés B1', thumbnails: false, begun: false },
  ],
});

/** @param refuse answers with a problem. */
export const scriptedSetup = (
  app: FastifyInstance,
  guard: preHandlerAsyncHookHandler,
  refuse: (reply: FastifyReply, problem: Problem) => FastifyReply,
): ScriptedSetup => {
  const state: ScriptedSetup = {
    answer: setup(),
    done: [],
    reset: () => {
      state.answer = setup();
      state.done.length = 0;
    },
  };
  const options = { preHandler: guard };
  app.get('/api/identity-settings', options, async () => {
    const fits = check(IdentitySetupSchema, state.answer);
    if (!fits.ok) throw new Error(`${fits.error.path} ${fits.error.message}`);
    return fits.value;
  });
  app.post('/api/enrolment-windows', options, async (request, reply) => {
    const body = check(NewWindowSchema, request.body);
    if (!body.ok) return refuse(reply, { code: 'bad-request' });
    const { venueId, opensAt, closesAt, reason } = body.value;
    state.done.push(`window ${venueId} ${opensAt} ${closesAt}: ${reason}`);
    const found = state.answer.venues.find(({ id }) => id === venueId);
    const [venue, timeZone] = [found?.name ?? null, found?.timeZone ?? null];
    state.answer.windows.push({ id: 'window-9', venueId, venue, timeZone, opensAt, closesAt });
    return { id: 'window-9' };
  });
  app.delete<{ Params: { id: string } }>(
    '/api/enrolment-windows/:id',
    options,
    async (request, reply) => {
      const body = check(WindowRemovalSchema, request.body);
      if (!body.ok) return refuse(reply, { code: 'bad-request' });
      const { id } = request.params;
      state.done.push(`remove ${id}: ${body.value.reason}`);
      state.answer.windows = state.answer.windows.filter((window) => window.id !== id);
      return {};
    },
  );
  app.post<{ Params: { id: string } }>(
    '/api/sessions/:id/identity',
    options,
    async (request, reply) => {
      const body = check(SessionIdentitySchema, request.body);
      if (!body.ok) return refuse(reply, { code: 'bad-request' });
      const { check: way, challenge, reason } = body.value;
      const { id } = request.params;
      state.done.push(`identity ${id} ${way} ${challenge}: ${reason}`);
      state.answer.sessions = state.answer.sessions.map((row) =>
        row.id === id ? { ...row, check: way, challenge } : row,
      );
      return {};
    },
  );
  app.post<{ Params: { id: string } }>(
    '/api/exams/:id/thumbnails',
    options,
    async (request, reply) => {
      const body = check(ThumbnailChangeSchema, request.body);
      if (!body.ok) return refuse(reply, { code: 'bad-request' });
      const { allowed, reason } = body.value;
      const { id } = request.params;
      state.done.push(`thumbnails ${id} ${allowed}: ${reason}`);
      state.answer.exams = state.answer.exams.map((row) =>
        row.id === id ? { ...row, thumbnails: allowed } : row,
      );
      return {};
    },
  );
  return state;
};
