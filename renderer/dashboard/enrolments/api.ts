import Type, { type Static } from 'typebox';
import { order, type Server, segment } from '#renderer/dashboard/shell/desk-ask.ts';
import { ok } from '#shared/kernel/result.ts';
import type { Answer } from '#shared/wire/ask.ts';
import {
  type DeletionCertificate,
  EnrolmentDeleteResponseSchema,
  type EnrolmentList,
  EnrolmentListSchema,
  type EnrolmentPicture,
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
export type WindowRow = IdentitySetup['windows'][number];
export type SessionRow = IdentitySetup['sessions'][number];
export type ExamRow = IdentitySetup['exams'][number];
export type RoomCode = Static<typeof RoomCodeResponseSchema>;

/** Who enrolled with what, and what is decided about identity before an exam. */
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
  setup(): Answer<IdentitySetup>;
  addWindow(window: NewWindow): Answer<null>;
  removeWindow(id: string, reason: string): Answer<null>;
  setSession(sessionId: string, change: SessionIdentity): Answer<null>;
  setThumbnails(examId: string, change: ThumbnailChange): Answer<null>;
  /** Where somebody enrols with a room code. */
  enrolUrl(code: string): string;
}

export const createEnrolmentsApi = (server: Server): EnrolmentsApi => {
  const { ask, at } = server;
  const change = (path: string, body: unknown, method: 'POST' | 'DELETE' = 'POST'): Answer<null> =>
    order(server, path, Type.Unknown(), { method, body });
  const list = async (query: string): Answer<readonly EnrolmentRow[]> => {
    const answer = await ask(`api/enrolments?${query}`, EnrolmentListSchema);
    return answer.ok ? ok(answer.value.enrolments) : answer;
  };
  const of = (id: string): string => `api/enrolments/${segment(id)}`;
  return {
    waiting: () => list('state=waiting'),
    find: (words) => list(`search=${segment(words)}`),
    pictureUrl: (id, picture) => at(`${of(id)}/pictures/${picture}`),
    decide: (id, decision, reason) => change(`${of(id)}/decision`, { decision, reason }),
    roomCode: (id) => ask(`${of(id)}/room-code`, RoomCodeResponseSchema, { method: 'POST' }),
    remove: async (id, reason) => {
      const asked = { method: 'POST', body: { reason } } as const;
      const answer = await ask(`${of(id)}/delete`, EnrolmentDeleteResponseSchema, asked);
      return answer.ok ? ok(answer.value.certificate) : answer;
    },
    setup: () => ask('api/identity-settings', IdentitySetupSchema),
    addWindow: (window) => change('api/enrolment-windows', window),
    removeWindow: (id, reason) =>
      change(`api/enrolment-windows/${segment(id)}`, { reason }, 'DELETE'),
    setSession: (id, body) => change(`api/sessions/${segment(id)}/identity`, body),
    setThumbnails: (id, body) => change(`api/exams/${segment(id)}/thumbnails`, body),
    enrolUrl: (code) => at(`enrolment/#code=${segment(code)}`),
  };
};
