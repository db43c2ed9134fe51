import type { EnrolmentPage } from '#server/identity/enrolment.ts';
import { ownerOf } from '#server/identity/enrolment-owner.http.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import { type App, answers, CertificateParams } from '#server/platform/typed.ts';
import {
  DeletionCertificateSchema,
  EnrolmentDeleteResponseSchema,
  KeptDataSchema,
} from '#shared/wire/enrolment.ts';
import type { OwnData } from './kept-data.ts';

export interface OwnDataRouteDeps {
  readonly enrolment: Pick<EnrolmentPage, 'owner'>;
  readonly ownData: OwnData;
}

const enrolmentOnly = [{ enrolment: [] }];

/** What the enrolment page asks about what is kept of the person. */
export const ownDataRoutes = (app: App, { enrolment, ownData }: OwnDataRouteDeps): void => {
  const owner = ownerOf(enrolment);

  app.get(
    '/api/enrolment/me/data',
    {
      schema: {
        summary: 'All that is kept about the person, and who looked at it',
        security: enrolmentOnly,
        response: answers(KeptDataSchema),
      },
    },
    async (request) => ownData.show(await owner(request)),
  );

  app.post(
    '/api/enrolment/me/delete',
    {
      schema: {
        summary: 'Withdraws the consent: template, portrait and document are deleted',
        security: enrolmentOnly,
        response: answers(EnrolmentDeleteResponseSchema),
      },
    },
    async (request) => ({ certificate: unwrap(await ownData.withdraw(await owner(request))) }),
  );

  app.get(
    '/api/enrolment/me/certificates/:id',
    {
      schema: {
        summary: "One of the person's own certificates",
        security: enrolmentOnly,
        params: CertificateParams,
        response: answers(DeletionCertificateSchema),
      },
    },
    async (request) => unwrap(await ownData.certificate(await owner(request), request.params.id)),
  );
};
