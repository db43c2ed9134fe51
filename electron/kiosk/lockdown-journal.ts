import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import Type, { type Static } from 'typebox';
import { writeDurably } from '#electron/adapters/durable-file.ts';
import { check } from '#shared/kernel/schema.ts';
import type { Json } from './steps/step.ts';

const EntrySchema = Type.Object({
  step: Type.String({ minLength: 1, maxLength: 80 }),
  /** Its effect outlives the process. */
  durable: Type.Boolean(),
  saved: Type.Unsafe<Json>(Type.Unknown()),
});
export type JournalEntry = Static<typeof EntrySchema>;

const JournalSchema = Type.Object({
  version: Type.Literal(1),
  steps: Type.Array(EntrySchema, { maxItems: 100 }),
});

/** What of the machine is changed, or about to be: a small file that is on the disk before each change. */
export class LockdownJournal {
  readonly #file: string;
  #entries: JournalEntry[];
  /** Where a journal that could not be read was put aside; null when it could. */
  readonly spoiled: string | null;

  private constructor(file: string, entries: JournalEntry[], spoiled: string | null) {
    this.#file = file;
    this.#entries = entries;
    this.spoiled = spoiled;
  }

  /**
   * Opens the journal, which need not exist. One that makes no sense is put aside and not lost.
   * @param file its path; the folder is made.
   */
  static open(file: string): LockdownJournal {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        return new LockdownJournal(file, [], null);
      throw error;
    }
    try {
      const read = check(JournalSchema, JSON.parse(text));
      if (read.ok) return new LockdownJournal(file, [...read.value.steps], null);
    } catch {
      // Not JSON: put aside like a journal of the wrong shape.
    }
    const aside = `${file}.spoiled`;
    renameSync(file, aside);
    return new LockdownJournal(file, [], aside);
  }

  /** What is still to undo, in the order in which it was done. */
  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /**
   * Before a step is performed. When it is in the journal already, because it could not be undone, what
   * was saved then stays: what is read now is our own change.
   * @throws Error when it cannot be written: the step must not be performed.
   */
  begin(step: string, durable: boolean, saved: Json): void {
    if (this.#entries.some((entry) => entry.step === step)) return;
    this.#write([...this.#entries, { step, durable, saved }]);
  }

  /** After a step was undone. @throws Error when it cannot be written. */
  end(step: string): void {
    if (!this.#entries.some((entry) => entry.step === step)) return;
    this.#write(this.#entries.filter((entry) => entry.step !== step));
  }

  #write(steps: JournalEntry[]): void {
    writeDurably(this.#file, JSON.stringify({ version: 1, steps }));
    this.#entries = steps;
  }
}
