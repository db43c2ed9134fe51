/** How much one address, person or socket may ask. */
export interface Limits {
  /** Sign-ins per minute of one user or document from one address. */
  readonly signInsPerPerson: number;
  /** Sign-ins per minute from one address; a whole campus may sit behind one. */
  readonly signInsPerAddress: number;
  /** Enrolment codes tried per minute from one address. */
  readonly enrolmentsPerAddress: number;
  /** Socket messages per second; a faster kiosk is slowed down, not cut off. */
  readonly messagesPerSecond: number;
  /** Messages that may come at once before that. */
  readonly messageBurst: number;
}

export const DEFAULT_LIMITS: Limits = {
  signInsPerPerson: 8,
  signInsPerAddress: 300,
  enrolmentsPerAddress: 60,
  messagesPerSecond: 50,
  messageBurst: 200,
};

/** Milliseconds to wait before the next message, 0 when it may come: a bucket of `burst` that fills at `perSecond`. */
export const messageBucket = (perSecond: number, burst: number, startMs: number) => {
  let level = burst;
  let at = startMs;
  return (nowMs: number): number => {
    level = Math.min(burst, level + ((nowMs - at) * perSecond) / 1_000);
    at = nowMs;
    level -= 1;
    return level >= 0 ? 0 : Math.ceil((-level * 1_000) / perSecond);
  };
};
