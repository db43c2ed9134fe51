import { unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { perMinute } from '#server/platform/per-minute.ts';
import { type App, answers } from '#server/platform/typed.ts';
import { EnrolRequestSchema, EnrolResponseSchema } from '#shared/wire/http.ts';
import { type EnrolDeps, enrolDevice } from './enrol-device.ts';

export interface EnrolRouteDeps extends EnrolDeps {
  readonly limits: Limits;
}

/** Where a machine becomes a device of the institution. */
export const enrolRoutes = (app: App, deps: EnrolRouteDeps): void => {
  const { limits } = deps;
  const enrolLimit = perMinute(app, limits.enrolmentsPerAddress, ({ ip }) => `enrol ${ip}`);

  app.post(
    '/api/devices/enrol',
    {
      schema: {
        summary: 'A one-time code becomes a device',
        body: EnrolRequestSchema,
        response: answers(EnrolResponseSchema),
      },
      preHandler: enrolLimit,
    },
    async ({ body }) => unwrap(await enrolDevice(deps, body)),
  );
};
