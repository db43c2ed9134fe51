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

/** A setting as it was before the exam; null when it was not set. */
export interface OldSetting {
  readonly at: Place;
  readonly old: string | null;
}

/** Reads and writes one system's settings of the signed-in user. Needs no administrator. */
export interface SettingTool {
  survey(): Promise<Survey>;
  /** @throws Error in the tool's words when it is refused. */
  write(at: Place, value: string): Promise<void>;
  /**
   * Puts settings back. Those that the system does not know any more are left out.
   * @returns those that are not as they were.
   * @throws Error when the tool is lost (`toolIsLost`).
   */
  restore(settings: readonly OldSetting[]): Promise<readonly Place[]>;
}

/** A place in one word, for people and for comparing. */
export const placeName = (at: Place): string => at.filter((part) => part !== '').join(' ');
