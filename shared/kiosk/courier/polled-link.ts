import { fail, ok } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import type { LiveLink } from '#shared/ports/transport.port.ts';
import { ServerToKioskSchema } from '#shared/wire/kiosk-socket.ts';
import { KIOSK_FRAMES_PATH, pollAnswer } from '#shared/wire/polled.ts';
import { openPolledClient } from '#shared/wire/polled-client.ts';

/** The live connection by plain requests, for networks that let no socket through. */
export const createPolledLink = (
  deps: Pick<EngineDeps, 'api' | 'random' | 'scheduler' | 'clock'>,
): LiveLink => ({
  open: ({ onOpen, onMessage, onClose }) => {
    const link = deps.random.uuid();
    const client = openPolledClient({
      ask: async (body) => {
        const answer = await deps.api.request('POST', KIOSK_FRAMES_PATH, {
          body: { link, ...body },
        });
        if (!answer.ok) return answer;
        const head = check(pollAnswer(ServerToKioskSchema), answer.value);
        return head.ok
          ? ok(head.value)
          : fail({ code: 'server-failed', detail: head.error.message });
      },
      after: deps.scheduler.after,
      monotonicMs: deps.clock.monotonicMs,
      speaksFirst: true,
      onMessage,
      onClose: () => onClose(),
    });
    onOpen();
    return { send: client.send, close: client.close };
  },
});
