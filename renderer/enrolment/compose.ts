import { createUploadCarry } from '#renderer/adapters/upload-carry.ts';
import { createVisionCameraFeed } from '#renderer/kiosk/vision-camera-feed.ts';
import { takeCode } from '#renderer/ui/take-code.ts';
import { createAsk } from '#shared/wire/ask.ts';
import { createDocumentLook } from './document-look.ts';
import { createEnrolmentApi } from './enrolment-api.ts';
import { createEnrolment, type Enrolment } from './enrolment-session.ts';
import { createEnrolmentStore, hasWork } from './enrolment-store.ts';

/** Without a byte in either direction for so long a request is given up, ms: pictures go over slow lines. */
const SILENCE_MS = 30_000;

/**
 * Puts the page together.
 * @param window of the page `.../enrolment/`: the server's `api/` is its neighbour, whatever path a proxy puts
 * before both.
 */
export const composeEnrolment = (window: Window): Enrolment => {
  const root = new URL('../', window.location.href);
  const roomCode = takeCode(window, 'code');
  const enrolment = createEnrolment({
    api: createEnrolmentApi(createAsk(createUploadCarry(root), SILENCE_MS)),
    feed: createVisionCameraFeed('../vision/'),
    documentLook: createDocumentLook('../vision/'),
    store: createEnrolmentStore(),
  });
  const { store } = enrolment;
  window.addEventListener('beforeunload', (event) => {
    if (hasWork(store.getState())) event.preventDefault();
  });
  if (roomCode !== null) {
    store.setState({ arriving: true });
    void enrolment.signIn({ roomCode }).then((notice) => {
      if (notice !== null) store.setState({ arriving: false, notice });
    });
  }
  return enrolment;
};
