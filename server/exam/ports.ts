import type { AttemptId, Hash } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';

/** A bank that something was drawn from. It never changes. */
export interface BankVersion {
  /** From 1 on. */
  readonly version: number;
  /** The bank's text, JSON. */
  readonly bank: string;
  /** SHA-256 of that text. */
  readonly hash: Hash;
}

/** What an attempt got. */
export interface GivenForm {
  readonly bankVersion: number;
  /** The drawn questions, each with the order of its options; null when only the version is known (from before it was kept). */
  readonly questions: readonly DrawnQuestion[] | null;
  /** SHA-256 of the form's canonical JSON; null with `questions`. */
  readonly hash: Hash | null;
  /** When it was first given out. */
  readonly givenAt: EpochMs;
}
export type DrawnQuestion = readonly [questionId: string, optionIds: string];

/** The exams' question banks, their versions, and the forms drawn from them. */
export interface BankStore {
  /** The exam's question bank as it stands now (JSON text) and the secret that seeds its forms. */
  bank(examId: string): Promise<{ readonly bank: string; readonly secret: string } | null>;
  /** The latest version that was given out; null before the first. */
  latestVersion(examId: string): Promise<BankVersion | null>;
  version(examId: string, version: number): Promise<BankVersion | null>;
  /** Keeps a version, unless its number is taken already: then that one stays. */
  addVersion(examId: string, version: BankVersion, now: EpochMs): Promise<void>;
  given(attemptId: AttemptId): Promise<GivenForm | null>;
  /** Keeps what an attempt gets. What it got before stays; only what was not known of it is added. */
  keepForm(
    attemptId: AttemptId,
    examId: string,
    form: Omit<GivenForm, 'givenAt'> & {
      readonly questions: readonly DrawnQuestion[];
      readonly hash: Hash;
    },
    now: EpochMs,
  ): Promise<void>;
}
