import type { Clock, Scheduler } from '#shared/ports/clock.port.ts';

interface Task {
  readonly id: number;
  at: number;
  readonly everyMs: number | null;
  readonly run: () => void;
}

/** Time that passes only when a test says so. Both clocks and all timers. */
export class VirtualTime {
  #mono = 1_000;
  #wallOffset: number;
  #trueOffset: number;
  #tasks: Task[] = [];
  #nextId = 1;

  /** @param wall where the wall clock starts, ms since 1970. */
  constructor(wall: number) {
    this.#wallOffset = wall - this.#mono;
    this.#trueOffset = this.#wallOffset;
  }

  readonly clock: Clock = {
    monotonicMs: () => this.#mono,
    wallMs: () => this.#mono + this.#wallOffset,
  };

  /** What time it really is, whatever the device believes: the server's clock. */
  now(): number {
    return this.#mono + this.#trueOffset;
  }

  /** A scheduler of its own, whose timers die with `kill`: one per process. */
  process(): Scheduler & { kill(): void } {
    let alive = true;
    const add = (ms: number, everyMs: number | null, task: () => void): (() => void) => {
      const run = () => {
        if (alive) task();
      };
      const id = this.#nextId++;
      this.#tasks.push({ id, at: this.#mono + Math.max(0, ms), everyMs, run });
      return () => {
        this.#tasks = this.#tasks.filter((one) => one.id !== id);
      };
    };
    return {
      after: (ms, task) => add(ms, null, task),
      every: (ms, task) => add(ms, Math.max(1, ms), task),
      kill: () => {
        alive = false;
      },
    };
  }

  /** Lets everything run that needs no time. */
  async idle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** Lets `ms` pass, timer by timer. */
  async advance(ms: number): Promise<void> {
    await this.idle();
    const end = this.#mono + ms;
    for (;;) {
      const due = this.#tasks.reduce<Task | null>(
        (first, task) =>
          task.at <= end &&
          (first === null || task.at < first.at || (task.at === first.at && task.id < first.id))
            ? task
            : first,
        null,
      );
      if (due === null) break;
      this.#mono = Math.max(this.#mono, due.at);
      if (due.everyMs === null) this.#tasks = this.#tasks.filter((task) => task !== due);
      else due.at += due.everyMs;
      due.run();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.#mono = end;
    await this.idle();
  }

  /** Somebody sets the device's clock. */
  moveWallClock(ms: number): void {
    this.#wallOffset += ms;
  }

  /** The machine sleeps: the wall clock goes on, the monotonic clock and all timers stand still. */
  sleep(ms: number): void {
    this.#wallOffset += ms;
    this.#trueOffset += ms;
  }

  /** The process is suspended: both clocks go on, timers are late. */
  suspend(ms: number): void {
    this.#mono += ms;
    for (const task of this.#tasks) task.at = Math.max(task.at, this.#mono);
  }
}
