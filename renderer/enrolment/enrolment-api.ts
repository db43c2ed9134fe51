import type { Static } from 'typebox';
import { ok } from '#shared/kernel/result.ts';
import type { Answer, Ask } from '#shared/wire/ask.ts';
import {
  type DeletionCertificate,
  DeletionCertificateSchema,
  EnrolmentDeleteResponseSchema,
  type EnrolmentSignInRequestSchema,
  type EnrolmentSignInResponse,
  EnrolmentSignInResponseSchema,
  type EnrolmentStatus,
  EnrolmentStatusSchema,
  type EnrolmentSubmitRequest,
  type KeptData,
  KeptDataSchema,
} from '#shared/wire/enrolment.ts';

export type SignInRequest = Static<typeof EnrolmentSignInRequestSchema>;

/** What the page asks the server. Nothing throws: no network is the problem `offline`. */
export interface EnrolmentApi {
  signIn(request: SignInRequest): Answer<EnrolmentSignInResponse>;
  /** How it stands now. */
  status(token: string): Answer<EnrolmentStatus>;
  /** @param onProgress how much has left this computer, 0..1. */
  submit(
    token: string,
    request: EnrolmentSubmitRequest,
    onProgress: (part: number) => void,
  ): Answer<EnrolmentStatus>;
  /** What is kept about the person. */
  data(token: string): Answer<KeptData>;
  /** Withdraws the consent. */
  withdraw(token: string): Answer<DeletionCertificate>;
  certificate(token: string, id: string): Answer<DeletionCertificate>;
}

/** How the page asks; its uploads tell how far they are. */
export const createEnrolmentApi = (ask: Ask): EnrolmentApi => ({
  signIn: (body) =>
    ask('api/enrolment/sign-in', EnrolmentSignInResponseSchema, { method: 'POST', body }),
  status: (token) => ask('api/enrolment/me', EnrolmentStatusSchema, { token }),
  submit: (token, body, onProgress) =>
    ask('api/enrolment/submit', EnrolmentStatusSchema, { method: 'POST', token, body, onProgress }),
  data: (token) => ask('api/enrolment/me/data', KeptDataSchema, { token }),
  withdraw: async (token) => {
    const answer = await ask('api/enrolment/me/delete', EnrolmentDeleteResponseSchema, {
      method: 'POST',
      token,
    });
    return answer.ok ? ok(answer.value.certificate) : answer;
  },
  certificate: (token, id) =>
    ask(`api/enrolment/me/certificates/${encodeURIComponent(id)}`, DeletionCertificateSchema, {
      token,
    }),
});
