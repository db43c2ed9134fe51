import { type App, answers } from '#server/platform/typed.ts';
import { InstitutionSchema } from '#shared/wire/http.ts';
import type { PlanStore } from './plan-ports.ts';

/** Whose examinations these are, for the screens where somebody signs in: before that there is nobody to ask for a right. */
export const institutionRoutes = (app: App, deps: { readonly plan: PlanStore }): void => {
  app.get(
    '/api/institution',
    { schema: { summary: 'Whose examinations these are', response: answers(InstitutionSchema) } },
    async () => ({ name: await deps.plan.institution() }),
  );
};
