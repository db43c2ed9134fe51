import { type Server, segment } from '#renderer/dashboard/shell/desk-ask.ts';
import type { Answer } from '#shared/wire/ask.ts';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import { AttemptDetailResponseSchema } from '#shared/wire/http.ts';

/** What is on record of an attempt. Every look is on record as well. */
export interface AttemptApi {
  detail(attemptId: string): Answer<AttemptDetail>;
  evidenceUrl(attemptId: string, hash: string): string;
  /** A picture of the enrolment. */
  identityUrl(attemptId: string, what: 'portrait' | 'document'): string;
  /** The last small picture, where the exam allows it. */
  thumbnailUrl(attemptId: string): string;
  exportUrl(attemptId: string): string;
}

export const createAttemptApi = ({ ask, at }: Server): AttemptApi => ({
  detail: (id) => ask(`api/attempts/${segment(id)}`, AttemptDetailResponseSchema),
  evidenceUrl: (id, hash) => at(`api/attempts/${segment(id)}/evidence/${segment(hash)}`),
  identityUrl: (id, what) => at(`api/attempts/${segment(id)}/identity/${what}`),
  thumbnailUrl: (id) => at(`api/attempts/${segment(id)}/thumbnail`),
  exportUrl: (id) => at(`api/attempts/${segment(id)}/export`),
});
