/** What the sample app puts up in its main process, for the tests to read. */
export interface FixtureMain {
  readonly log: string[];
  allowClose(): void;
}

/** What its preload script exposes to the page. */
export interface FixtureApi {
  echo<T>(value: T): Promise<T>;
  fail(): Promise<unknown>;
  nobody(): Promise<unknown>;
  tell(value: unknown, onTold: (value: unknown, bytes: Uint8Array) => void): void;
  sum(a: number, b: number): number;
  readonly nested: { shout(text: string): string };
  explode(): never;
  hellos(): string[];
  readonly argument: boolean;
  readonly sandboxed: boolean;
  canRequire(name: string): string;
}

declare global {
  var fixtureMain: FixtureMain;
  interface Window {
    readonly fixture: FixtureApi;
    /** Whether the API was there when the page's first script ran. */
    readonly early: string;
    /** Keys and focus changes as the page saw them. */
    readonly seen: string[];
  }
}
