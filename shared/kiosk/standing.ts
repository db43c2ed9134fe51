import type { EnrolResponse } from '#shared/wire/http.ts';
import type { AttemptSession } from './attempt/attempt-session.ts';

/** Where a kiosk stands. One per engine; its parts read and change it in their turns. */
export interface Standing {
  /** What the machine was enrolled as; null before, and after it was revoked. */
  device: EnrolResponse | null;
  /** Whose examinations these are, as the server says; null before it was heard, or where nobody has named it. */
  institution: string | null;
  /** The attempt of the person who is signed in. */
  session: AttemptSession | null;
  /** What the device remembers has been read, and an attempt that was open goes on. */
  started: boolean;
  /** For good: nothing is shown or opened any more. */
  stopped: boolean;
}
