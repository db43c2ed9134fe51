import type { FastifyRequest } from 'fastify';
import { bearer } from '#server/people/access.http.ts';
import { ProblemError } from '#server/platform/http-problems.ts';
import { problem } from '#server/platform/problems.ts';
import type { EnrolmentOwner, EnrolmentPage } from './enrolment.ts';

/** Whose enrolment page asks. @throws ProblemError `unauthorised` when it cannot be told. */
export const ownerOf =
  (enrolment: Pick<EnrolmentPage, 'owner'>) =>
  async (request: FastifyRequest): Promise<EnrolmentOwner> => {
    const token = bearer(request);
    const found = token === null ? null : await enrolment.owner(token);
    if (found === null) throw new ProblemError(problem('unauthorised'));
    return found;
  };
