/** One line of what `npm run bench` prints. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The value divided by its baseline, both measured in this run. */
  readonly ratio?: number;
  /** What must be reached, in words. */
  readonly goal?: string;
  readonly ok?: boolean;
}
