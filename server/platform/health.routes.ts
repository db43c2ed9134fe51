import { HealthSchema } from '#shared/wire/http.ts';
import { PROTOCOL } from '#shared/wire/kiosk-socket.ts';
import { ProblemError } from './http-problems.ts';
import type { ServerClock } from './ports.ts';
import { problem } from './problems.ts';
import type { StorageState } from './storage-state.ts';
import { type App, answers } from './typed.ts';

/** Whether the server is there, with its clock; `storage-failed` (503) while it cannot keep what it is told. */
export const healthRoutes = (
  app: App,
  deps: { readonly clock: ServerClock; readonly storage: Pick<StorageState, 'failed'> },
): void => {
  app.get(
    '/api/health',
    {
      schema: { summary: 'Is the server there; what time has it', response: answers(HealthSchema) },
    },
    async () => {
      if (deps.storage.failed()) throw new ProblemError(problem('storage-failed'));
      return { status: 'ok' as const, serverTime: deps.clock.now(), protocol: PROTOCOL };
    },
  );
};
