import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Lockdown } from '#shared/ports/lockdown.port.ts';
import type { LockdownJournal } from './lockdown-journal.ts';
import type { Json, LockdownStep, Shortfall } from './steps/step.ts';

interface Done {
  readonly step: LockdownStep;
  readonly saved: Json;
}

/** What a start or `--restore` did about what an earlier run left behind. */
export interface Undone {
  readonly undone: readonly string[];
  /** Still changed, each with the system's own words. */
  readonly failed: readonly { readonly step: string; readonly detail: string }[];
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Undoes, in reverse, what a run that ended in mid-air left behind. Steps whose effect ended with that
 * process are only struck out.
 * @param steps the durable ones of this machine.
 */
export const undoLeftOver = async (
  journal: LockdownJournal,
  steps: readonly LockdownStep[],
): Promise<Undone> => {
  const undone: string[] = [];
  const failed: { step: string; detail: string }[] = [];
  for (const { step: id, durable, saved } of journal.entries.toReversed()) {
    try {
      if (durable) {
        const step = steps.find((one) => one.id === id);
        if (step === undefined) throw new Error('unknown step');
        await step.revert(saved);
        undone.push(id);
      }
      journal.end(id);
    } catch (error) {
      failed.push({ step: id, detail: text(error) });
    }
  }
  return { undone, failed };
};

/**
 * Takes the machine step by step and gives it back in reverse. Each step is in the journal before it is
 * performed; a step that fails undoes the ones before it.
 */
export class KioskLockdown implements Lockdown {
  readonly #steps: readonly LockdownStep[];
  readonly #journal: LockdownJournal;
  readonly #log: Log;
  #done: Done[] = [];
  readonly #listeners = new Set<() => void>();
  #shortfalls: { step: string; shortfall: Shortfall }[] = [];
  /** Entering and leaving never overlap: an exam may close while it is still being entered. */
  #turn: Promise<void> = Promise.resolve();

  constructor(steps: readonly LockdownStep[], journal: LockdownJournal, log: Log) {
    this.#steps = steps;
    this.#journal = journal;
    this.#log = log;
  }

  get entered(): boolean {
    return this.#done.length > 0;
  }

  /** What the last lockdown could not do on this machine. */
  get shortfalls(): readonly { readonly step: string; readonly shortfall: Shortfall }[] {
    return this.#shortfalls;
  }

  /** @param listener called when the shortfalls may have changed. @returns how to end it. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  enter(): Promise<void> {
    return this.#inTurn(() => this.#enter());
  }

  leave(): Promise<void> {
    return this.#inTurn(() => this.#leave());
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const next = this.#turn.then(act);
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async #enter(): Promise<void> {
    if (this.entered) return;
    this.#shortfalls = [];
    for (const step of this.#steps) {
      const saved = await this.#begin(step);
      if (saved === undefined) continue;
      this.#done.push({ step, saved });
      try {
        for (const shortfall of await step.perform()) this.#fallsShort(step, shortfall);
      } catch (error) {
        this.#log('error', 'lockdown step failed', { step: step.id, error: text(error) });
        await this.#leave();
        throw error;
      }
    }
    for (const listener of this.#listeners) listener();
  }

  /** @returns what the step has to know for its undoing; undefined when it is left out. */
  async #begin(step: LockdownStep): Promise<Json | undefined> {
    try {
      const read = (await step.survey?.()) ?? null;
      this.#journal.begin(step.id, step.durable, read);
      const kept = this.#journal.entries.find((entry) => entry.step === step.id);
      return kept?.saved ?? read;
    } catch (error) {
      // What ends with the process needs no journal; what stays must not happen without one.
      if (!step.durable) return null;
      this.#fallsShort(step, { reason: 'tool-missing', what: [text(error).slice(0, 200)] });
      return undefined;
    }
  }

  #fallsShort(step: LockdownStep, shortfall: Shortfall): void {
    this.#shortfalls.push({ step: step.id, shortfall });
    this.#log('warn', 'lockdown step incomplete', {
      step: step.id,
      reason: shortfall.reason,
      what: shortfall.what.join(', ').slice(0, 500),
    });
  }

  async #leave(): Promise<void> {
    for (const { step, saved } of this.#done.toReversed()) {
      try {
        await step.revert(saved);
        this.#journal.end(step.id);
      } catch (error) {
        // It stays in the journal: the next start tries again.
        this.#log('error', 'lockdown step not undone', { step: step.id, error: text(error) });
      }
    }
    this.#done = [];
  }
}
