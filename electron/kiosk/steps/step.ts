import type { CoverageReason } from '#shared/incident/coverage.ts';

/** Values that a journal line can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Something that a step could not do on this machine. It never keeps an examinee from the exam. */
export interface Shortfall {
  readonly reason: CoverageReason;
  /** What stays open, in the system's own names: settings, keys. */
  readonly what: readonly string[];
}

/**
 * One reversible change to the machine. `KioskLockdown` writes it into the journal before it happens and
 * strikes it out after it was undone, so that what a crash leaves behind is known.
 */
export interface LockdownStep {
  /** Its name in the journal and the log; never changes, a later version has to undo what this one did. */
  readonly id: string;
  /** Its effect stays when the process ends: the next start has to undo it. */
  readonly durable: boolean;
  /**
   * Reads what `perform` is going to change, as it is before; goes to the journal first. Absent when
   * `revert` needs to know nothing.
   * @throws Error when it cannot be read: the step is left out.
   */
  survey?(): Promise<Json>;
  /** @returns what it could not do. @throws Error when the lockdown as a whole makes no sense without it. */
  perform(): Promise<readonly Shortfall[]> | readonly Shortfall[];
  /**
   * Undoes it. Idempotent: also called when `perform` never ran, ran in part, or was undone already.
   * @param saved what `survey` read.
   * @throws Error naming what is still changed.
   */
  revert(saved: Json): Promise<void> | void;
}
