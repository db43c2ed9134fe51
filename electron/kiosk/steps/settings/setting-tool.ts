import type { CoverageReason } from '#shared/incident/coverage.ts';

/** Where a setting is kept, in its tool's own words: schema and key, registry key and value name. */
export type Place = readonly [string, string];

/** A setting that has to change for the exam. */
export interface SettingChange {
  readonly at: Place;
  /** As its tool writes it; null when it is not set. */
  readonly old: string | null;
  readonly next: string;
}

/** What a tool found. */
export interface Survey {
  /** What is not yet as the exam needs it. */
  readonly changes: readonly SettingChange[];
  /** What cannot be read here, and why. */
  readonly missing: readonly { readonly what: string; readonly reason: CoverageReason }[];
}

/** Reads and writes one system's settings of the signed-in user. Needs no administrator. */
export interface SettingTool {
  survey(): Promise<Survey>;
  /** @throws Error in the tool's words when it is refused. */
  write(at: Place, value: string): Promise<void>;
  /**
   * Puts a setting back. Nothing happens when the system does not know the setting any more.
   * @param old null: it was not set.
   * @throws Error when it is not as it was.
   */
  restore(at: Place, old: string | null): Promise<void>;
}

/** At most this many tools at once: they are short, and a laptop has few cores. */
const AT_ONCE = 4;

/** Does something with each of many, a few at a time. @throws the first failure, with nothing started after it. */
export const each = async <T>(
  items: readonly T[],
  act: (item: T) => Promise<void>,
): Promise<void> => {
  const queue = [...items];
  let failed = false;
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && !failed; item = queue.shift()) {
      try {
        await act(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
};
