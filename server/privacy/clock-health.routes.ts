import { type App, answers } from '#server/platform/typed.ts';
import { ClockHealthSchema } from '#shared/wire/clock-health.ts';
import type { CertainTime } from './certain-time.ts';

/** For whoever watches over servers: whether anybody confirms this one's clock. */
export const clockHealthRoutes = (
  app: App,
  deps: { readonly certain: Pick<CertainTime, 'waits'> },
): void => {
  app.get(
    '/api/health/clock',
    {
      schema: {
        summary:
          "Whether somebody confirms the server's clock; while nobody does, nothing is deleted by date",
        response: answers(ClockHealthSchema),
      },
    },
    async () => ({ waits: await deps.certain.waits() }),
  );
};
