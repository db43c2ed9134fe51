import { type CameraProblem, cameraProblemOf } from '#renderer/vision/open-camera.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';

/** A document is read: the camera gives what it has, and a phone turns to the one at its back. */
const CONSTRAINTS: MediaTrackConstraints = {
  width: { ideal: 1920 },
  height: { ideal: 1080 },
  facingMode: { ideal: 'environment' },
};

/** Opens the camera for the document. @returns the stream; whoever gets it stops it. */
export const openDocumentCamera = async (): Promise<Result<MediaStream, CameraProblem>> => {
  try {
    return ok(await navigator.mediaDevices.getUserMedia({ video: CONSTRAINTS, audio: false }));
  } catch (error) {
    return fail(cameraProblemOf(error));
  }
};

export const stopStream = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop();
};
