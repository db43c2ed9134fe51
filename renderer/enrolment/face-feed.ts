import type { CameraFeed } from '#renderer/kiosk/camera-feed.ts';

/** What the enrolment needs of the camera: frames measured for identity, and the picture that goes with them. */
export type FaceFeed = Pick<
  CameraFeed,
  'start' | 'stop' | 'show' | 'onSample' | 'capture' | 'portrait' | 'prepareIdentity' | 'onLoading'
>;
