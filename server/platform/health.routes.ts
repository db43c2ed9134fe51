import { HealthSchema } from '#shared/wire/http.ts';
import { PROTOCOL } from '#shared/wire/kiosk-socket.ts';
import type { ServerClock } from './ports.ts';
import { type App, answers } from './typed.ts';

/** Whether the server is there, and its clock. */
export const healthRoutes = (app: App, deps: { readonly clock: ServerClock }): void => {
  app.get(
    '/api/health',
    {
      schema: { summary: 'Is the server there; what time has it', response: answers(HealthSchema) },
    },
    async () => ({ status: 'ok' as const, serverTime: deps.clock.now(), protocol: PROTOCOL }),
  );
};
