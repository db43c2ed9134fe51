import type { AttemptCore } from '#shared/kiosk/attempt/attempt-core.ts';

/** Often enough to see that somebody sits there, seldom enough to be no film, ms. */
const EVERY_MS = 30_000;
/** An older picture says nothing about now, ms. */
const FRESH_MS = 5_000;

/**
 * Sends the room a small picture now and then although nothing happened, where the exam's policy allows it
 * (`ticket.privacy.thumbnails`). Nothing of it is stored on the device, and one that does not arrive is not sent again.
 * @param online whether the server can be reached.
 * @returns how to stop.
 */
export const startThumbnails = (
  core: AttemptCore,
  token: string,
  online: () => boolean,
): (() => void) => {
  if (!core.ticket.privacy.thumbnails || core.ticket.policy.cameraExempt) return () => undefined;
  const { api, scheduler, log } = core.deps;
  let sending = false;
  return scheduler.every(EVERY_MS, () => {
    const [still] = core.stills.latest(1);
    const runs = core.state().phase === 'in-progress';
    if (sending || !runs || !online() || still === undefined) return;
    if (core.clock.now() - still.t > FRESH_MS) return;
    sending = true;
    api
      .request('PUT', `/api/attempts/${core.ticket.attemptId}/thumbnail`, {
        token,
        bytes: still.jpeg,
        mime: 'image/jpeg',
      })
      .then((answer) => {
        if (!answer.ok && answer.error.code !== 'offline')
          log('warn', 'thumbnail refused', { code: answer.error.code });
      })
      .catch(() => undefined)
      .finally(() => {
        sending = false;
      });
  });
};
