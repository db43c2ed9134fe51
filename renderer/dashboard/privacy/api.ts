import Type, { type Static } from 'typebox';
import { order, type Server, segment } from '#renderer/dashboard/shell/desk-ask.ts';
import { ok } from '#shared/kernel/result.ts';
import type { Answer } from '#shared/wire/ask.ts';
import {
  type DeletionCertificate,
  DeletionCertificateSchema,
  type HoldChangeSchema,
  type KeptAttempts,
  KeptAttemptsSchema,
  type Retention,
  type RetentionChangeSchema,
  RetentionSchema,
} from '#shared/wire/enrolment.ts';

export type RetentionProcess = Retention['processes'][number];
export type KeptAttempt = KeptAttempts['attempts'][number];

/** What is kept of people, how long, and the proof of what was deleted. */
export interface PrivacyApi {
  retention(): Answer<Retention>;
  keptAttempts(examId: string): Answer<readonly KeptAttempt[]>;
  setClock(examId: string, change: Static<typeof RetentionChangeSchema>): Answer<null>;
  hold(attemptId: string, change: Static<typeof HoldChangeSchema>): Answer<null>;
  certificate(id: string): Answer<DeletionCertificate>;
}

export const createPrivacyApi = (server: Server): PrivacyApi => {
  const { ask } = server;
  const change = (path: string, body: unknown): Answer<null> =>
    order(server, path, Type.Unknown(), { method: 'POST', body });
  return {
    retention: () => ask('api/retention', RetentionSchema),
    keptAttempts: async (examId) => {
      const answer = await ask(`api/retention/${segment(examId)}/attempts`, KeptAttemptsSchema);
      return answer.ok ? ok(answer.value.attempts) : answer;
    },
    setClock: (examId, body) => change(`api/retention/${segment(examId)}`, body),
    hold: (attemptId, body) => change(`api/attempts/${segment(attemptId)}/hold`, body),
    certificate: (id) => ask(`api/certificates/${segment(id)}`, DeletionCertificateSchema),
  };
};
