/** Time as the host gives it. */
export interface Clock {
  /** Milliseconds, never backwards while the process lives; origin arbitrary. */
  monotonicMs(): number;
  /** The device's wall clock, ms since 1970. May jump. */
  wallMs(): number;
}

/** Timers as the host gives them. */
export interface Scheduler {
  /** Runs `task` once after `ms`; returns a function that cancels it. */
  after(ms: number, task: () => void): () => void;
  /** Runs `task` every `ms`; returns a function that stops it. */
  every(ms: number, task: () => void): () => void;
}

export interface Random {
  /** A new unguessable identifier (UUID v4). */
  uuid(): string;
}
