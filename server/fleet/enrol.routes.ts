import { unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import { type App, answers } from '#server/platform/typed.ts';
import { wrongTries } from '#server/platform/wrong-tries.ts';
import { EnrolRequestSchema, EnrolResponseSchema } from '#shared/wire/http.ts';
import { type EnrolDeps, enrolDevice } from './enrol-device.ts';

export interface EnrolRouteDeps extends EnrolDeps {
  readonly limits: Limits;
}

/** Where a machine becomes a device of the institution. */
export const enrolRoutes = (app: App, deps: EnrolRouteDeps): void => {
  const { limits } = deps;
  const tries = wrongTries(limits.enrolmentsPerAddress, deps.clock.steady);

  app.post(
    '/api/devices/enrol',
    {
      schema: {
        summary: 'A one-time code becomes a device',
        body: EnrolRequestSchema,
        response: answers(EnrolResponseSchema),
      },
    },
    async ({ body, ip }) => {
      // Only wrong ones: a whole building's machines with their codes come at once.
      return unwrap(await tries.judged(ip, () => enrolDevice(deps, body)));
    },
  );
};
