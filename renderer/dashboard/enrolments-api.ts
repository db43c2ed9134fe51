import Type, { type Static } from 'typebox';
import { ok } from '#shared/kernel/result.ts';
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
import type { Answer, Ask } from './api.ts';

export type EnrolmentRow = EnrolmentList['enrolments'][number];
export type RetentionProcess = Retention['processes'][number];
export type KeptAttempt = KeptAttempts['attempts'][number];
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
  /** Where somebody enrols with a room code. */
  enrolUrl(code: string): string;
}

const segment = encodeURIComponent;

/** @param root the address that `api/` lives under, with a slash at the end. */
export const createEnrolmentsApi = (root: URL, ask: Ask): EnrolmentsApi => {
  const order = async (path: string, body: unknown): Answer<null> => {
    const answer = await ask(path, Type.Unknown(), { method: 'POST', body });
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
    enrolUrl: (code) => new URL(`enrolment/#code=${segment(code)}`, root).href,
  };
};
