import Type, { type Static } from 'typebox';
import { ok } from '#shared/kernel/result.ts';
import type { Answer, Ask } from '#shared/wire/ask.ts';
import {
  type DeletionCertificate,
  DeletionCertificateSchema,
  EnrolmentDeleteResponseSchema,
  type EnrolmentList,
  EnrolmentListSchema,
  type EnrolmentPicture,
  type HoldChangeSchema,
  type KeptAttempts,
  KeptAttemptsSchema,
  type Retention,
  type RetentionChangeSchema,
  RetentionSchema,
  RoomCodeResponseSchema,
} from '#shared/wire/enrolment.ts';
import {
  type IdentitySetup,
  IdentitySetupSchema,
  type NewWindow,
  type SessionIdentity,
  type ThumbnailChange,
} from '#shared/wire/identity-setup.ts';

export type EnrolmentRow = EnrolmentList['enrolments'][number];
export type RetentionProcess = Retention['processes'][number];
export type KeptAttempt = KeptAttempts['attempts'][number];
export type WindowRow = IdentitySetup['windows'][number];
export type SessionRow = IdentitySetup['sessions'][number];
export type ExamRow = IdentitySetup['exams'][number];
export type RoomCode = Static<typeof RoomCodeResponseSchema>;

/** What the dashboard asks about enrolments and what is kept. Nothing throws: no network is the problem `offline`. */
export interface EnrolmentsApi {
  waiting(): Answer<readonly EnrolmentRow[]>;
  /** @param words at least three characters. */
  find(words: string): Answer<readonly EnrolmentRow[]>;
  /** Address of a picture. Every load of it is on record as a look. */
  pictureUrl(examineeId: string, picture: EnrolmentPicture): string;
  decide(examineeId: string, decision: 'approve' | 'reject', reason: string): Answer<null>;
  /** Shown once; ends the one before. */
  roomCode(examineeId: string): Answer<RoomCode>;
  remove(examineeId: string, reason: string): Answer<DeletionCertificate>;
  retention(): Answer<Retention>;
  keptAttempts(examId: string): Answer<readonly KeptAttempt[]>;
  setClock(examId: string, change: Static<typeof RetentionChangeSchema>): Answer<null>;
  hold(attemptId: string, change: Static<typeof HoldChangeSchema>): Answer<null>;
  certificate(id: string): Answer<DeletionCertificate>;
  /** What is decided about identity before an exam. */
  setup(): Answer<IdentitySetup>;
  addWindow(window: NewWindow): Answer<null>;
  removeWindow(id: string, reason: string): Answer<null>;
  setSession(sessionId: string, change: SessionIdentity): Answer<null>;
  setThumbnails(examId: string, change: ThumbnailChange): Answer<null>;
  /** Where somebody enrols with a room code. */
  enrolUrl(code: string): string;
}

const segment = encodeURIComponent;

/** @param root the address that `api/` lives under, with a slash at the end. */
export const createEnrolmentsApi = (root: URL, ask: Ask): EnrolmentsApi => {
  const order = async (
    path: string,
    body: unknown,
    method: 'POST' | 'DELETE' = 'POST',
  ): Answer<null> => {
    const answer = await ask(path, Type.Unknown(), { method, body });
    return answer.ok ? ok(null) : answer;
  };
  const list = async (query: string): Answer<readonly EnrolmentRow[]> => {
    const answer = await ask(`api/enrolments?${query}`, EnrolmentListSchema);
    return answer.ok ? ok(answer.value.enrolments) : answer;
  };
  return {
    waiting: () => list('state=waiting'),
    find: (words) => list(`search=${segment(words)}`),
    pictureUrl: (id, picture) =>
      new URL(`api/enrolments/${segment(id)}/pictures/${picture}`, root).href,
    decide: (id, decision, reason) =>
      order(`api/enrolments/${segment(id)}/decision`, { decision, reason }),
    roomCode: (id) =>
      ask(`api/enrolments/${segment(id)}/room-code`, RoomCodeResponseSchema, { method: 'POST' }),
    remove: async (id, reason) => {
      const answer = await ask(
        `api/enrolments/${segment(id)}/delete`,
        EnrolmentDeleteResponseSchema,
        { method: 'POST', body: { reason } },
      );
      return answer.ok ? ok(answer.value.certificate) : answer;
    },
    retention: () => ask('api/retention', RetentionSchema),
    keptAttempts: async (examId) => {
      const answer = await ask(`api/retention/${segment(examId)}/attempts`, KeptAttemptsSchema);
      return answer.ok ? ok(answer.value.attempts) : answer;
    },
    setClock: (examId, change) => order(`api/retention/${segment(examId)}`, change),
    hold: (attemptId, change) => order(`api/attempts/${segment(attemptId)}/hold`, change),
    certificate: (id) => ask(`api/certificates/${segment(id)}`, DeletionCertificateSchema),
    setup: () => ask('api/identity-settings', IdentitySetupSchema),
    addWindow: (window) => order('api/enrolment-windows', window),
    removeWindow: (id, reason) =>
      order(`api/enrolment-windows/${segment(id)}`, { reason }, 'DELETE'),
    setSession: (id, change) => order(`api/sessions/${segment(id)}/identity`, change),
    setThumbnails: (id, change) => order(`api/exams/${segment(id)}/thumbnails`, change),
    enrolUrl: (code) => new URL(`enrolment/#code=${segment(code)}`, root).href,
  };
};
