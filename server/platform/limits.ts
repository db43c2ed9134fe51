/** How much one address, person or socket may ask. */
export interface Limits {
  /** Sign-ins per minute of one document on one device. */
  readonly signInsPerPerson: number;
  /** Wrong sign-ins of staff, and of the enrolment page, per minute from one address; a whole campus may sit behind one. */
  readonly signInsPerAddress: number;
  /**
   * Sign-ins of examinees per minute on one enrolled device, and wrong ones of staff in a browser that is known, whatever
   * address it shares with how many others.
   */
  readonly signInsPerDevice: number;
  /** Tries per minute from one address without any device's token; counted apart from those with one. */
  readonly strangersPerAddress: number;
  /** Wrong enrolment codes per minute from one address. */
  readonly enrolmentsPerAddress: number;
  /** Passports per minute of one device. */
  readonly passportsPerDevice: number;
  /** Looks at exit codes, and makings of enrolment codes, per minute of one signed-in person. */
  readonly codesPerPerson: number;
  /** Enrolments sent per minute with one token; each may hold two pictures. */
  readonly submissionsPerPerson: number;
  /** Socket messages per second; a faster kiosk is slowed down, not cut off. */
  readonly messagesPerSecond: number;
  /** Messages that may come at once before that. */
  readonly messageBurst: number;
}

export const DEFAULT_LIMITS: Limits = {
  signInsPerPerson: 8,
  signInsPerAddress: 300,
  signInsPerDevice: 30,
  strangersPerAddress: 60,
  enrolmentsPerAddress: 60,
  passportsPerDevice: 6,
  codesPerPerson: 30,
  submissionsPerPerson: 6,
  messagesPerSecond: 50,
  messageBurst: 200,
};

/**
 * A bucket of `burst` messages that fills at `perSecond`. Asked for each message: 0 takes one out, more
 * says in how many milliseconds to ask again.
 */
export const messageBucket = (perSecond: number, burst: number, startMs: number) => {
  let level = burst;
  let at = startMs;
  return (nowMs: number): number => {
    level = Math.min(burst, level + ((nowMs - at) * perSecond) / 1_000);
    at = nowMs;
    if (level < 1) return Math.ceil(((1 - level) * 1_000) / perSecond);
    level -= 1;
    return 0;
  };
};
