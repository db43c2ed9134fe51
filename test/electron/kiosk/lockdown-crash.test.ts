import { afterEach, describe, expect, test } from 'vitest';
import { KioskLockdown, undoLeftOver } from '#electron/kiosk/kiosk-lockdown.ts';
import { LockdownJournal } from '#electron/kiosk/lockdown-journal.ts';
import type { LockdownStep } from '#electron/kiosk/steps/step.ts';
import { type MemoryMachine, memoryMachine } from '#test/support/lockdown-memory.ts';

// The journal on the disk is all that a killed process leaves. Here a run simply never goes on after a moment:
// nothing that comes after it happens, as after kill -9. Real kills of a real process: test/fault/lockdown-kill.test.ts.

/** Counts moments, and stops for ever at one of them. */
class Fate {
  /** The number of the moment at which the run dies, from 0. */
  readonly #at: number;
  #died: () => void = () => undefined;
  readonly death = new Promise<'died'>((resolve) => {
    this.#died = () => resolve('died');
  });
  passed = 0;
  /** What happened so far, for a test to name the moment. */
  readonly told: string[] = [];
  /** Moments before the run begins do not count. */
  counting = false;

  constructor(at: number) {
    this.#at = at;
  }

  readonly moment = (name: string): Promise<void> => {
    if (!this.counting) return Promise.resolve();
    this.told.push(name);
    if (this.passed++ !== this.#at) return Promise.resolve();
    this.#died();
    return new Promise(() => undefined);
  };
}

/** Each step with a moment before and after it is performed and undone. */
const mortal = (steps: readonly LockdownStep[], fate: Fate): readonly LockdownStep[] =>
  steps.map((step) => ({
    ...step,
    perform: async () => {
      await fate.moment(`step: before ${step.id}`);
      const shortfalls = await step.perform();
      await fate.moment(`step: after ${step.id}`);
      return shortfalls;
    },
    revert: async (saved) => {
      await fate.moment(`step: before undoing ${step.id}`);
      await step.revert(saved);
      await fate.moment(`step: after undoing ${step.id}`);
    },
  }));

/** What ends with the process: nothing of it is left to undo. */
const ephemeral = (id: string): LockdownStep => ({
  id,
  durable: false,
  perform: () => [],
  revert: () => undefined,
});
const EPHEMERAL = ['screen', 'clipboard', 'power-save'].map(ephemeral);

type Task = 'enter' | 'leave' | 'restore';
const quiet = (): void => undefined;

/** One run of the program. @returns whether it came to its end. */
const run = async (machine: MemoryMachine, task: Task, fate: Fate): Promise<'ended' | 'died'> => {
  const journal = LockdownJournal.open(machine.journalFile);
  const work = async (): Promise<'ended'> => {
    if (task === 'restore') {
      fate.counting = true;
      const { failed } = await undoLeftOver(journal, mortal(machine.undoable(), fate));
      expect(failed).toEqual([]);
      return 'ended';
    }
    const steps = mortal([...EPHEMERAL, ...machine.steps()], fate);
    const lockdown = new KioskLockdown(steps, journal, quiet);
    fate.counting = task === 'enter';
    await lockdown.enter();
    fate.counting = true;
    if (task === 'leave') await lockdown.leave();
    return 'ended';
  };
  return Promise.race([work(), fate.death]);
};

const NEVER = Number.POSITIVE_INFINITY;

describe.each(['linux', 'win32'] as const)('%s', (platform) => {
  const made: MemoryMachine[] = [];
  afterEach(() => {
    for (const machine of made.splice(0)) machine.remove();
  });
  /** The fate of the run that a machine is in now; its tools look here. */
  let fate = new Fate(NEVER);
  const fresh = async (): Promise<{ machine: MemoryMachine; before: string }> => {
    fate = new Fate(NEVER);
    const machine = await memoryMachine(platform, (call) => fate.moment(call));
    made.push(machine);
    return { machine, before: machine.state() };
  };
  const live = (machine: MemoryMachine, task: Task, at = NEVER): Promise<'ended' | 'died'> => {
    fate = new Fate(at);
    return run(machine, task, fate);
  };
  const expectWhole = async (machine: MemoryMachine, before: string, when: string) => {
    expect(await live(machine, 'restore'), when).toBe('ended');
    expect(machine.state(), when).toBe(before);
    expect(machine.left(), when).toEqual([]);
    for (const one of made.splice(0)) one.remove();
  };

  test('an exam that ends as it should changes something and leaves nothing', async () => {
    const { machine, before } = await fresh();
    expect(await live(machine, 'enter')).toBe('ended');
    expect(machine.state()).not.toBe(before);
    expect(machine.left().length).toBeGreaterThan(EPHEMERAL.length + 3);
    await expectWhole(machine, before, 'after the exam');
    const other = await fresh();
    expect(await live(other.machine, 'leave')).toBe('ended');
    expect(other.machine.state()).toBe(other.before);
    expect(other.machine.left()).toEqual([]);
  });

  test.each(['enter', 'leave'] as const)(
    'killed at any moment of %s, also between two settings: the next start undoes it',
    async (task) => {
      let steps = new Set<string>();
      for (let at = 0; ; at += 1) {
        const { machine, before } = await fresh();
        const end = await live(machine, task, at);
        if (end === 'ended') break;
        const when = `${at}: ${fate.told.at(-1)}`;
        const step = /^step: .* ([a-z-]+)$/.exec(fate.told.at(-1) ?? '')?.[1];
        // What is being done or undone is in the journal, and nothing that comes after it.
        if (step !== undefined) {
          expect(machine.left().at(-1), when).toBe(step);
          steps = steps.add(step);
        }
        await expectWhole(machine, before, when);
      }
      const { machine } = await fresh();
      const all = [...EPHEMERAL, ...machine.steps()].map(({ id }) => id);
      expect([...steps].toSorted()).toEqual(all.toSorted());
    },
  );

  test('killed in the exam, and again at any moment of --restore, twice over', async () => {
    for (let at = 0; ; at += 1) {
      const { machine, before } = await fresh();
      await live(machine, 'enter');
      if ((await live(machine, 'restore', at)) === 'ended') break;
      const when = `${at}: ${fate.told.at(-1)}`;
      await live(machine, 'restore', at);
      await expectWhole(machine, before, when);
    }
  });

  test('two crashes in a row: the second exam saves what the person had, not what the first had set', async () => {
    const { machine, before } = await fresh();
    await live(machine, 'enter');
    await live(machine, 'enter');
    await expectWhole(machine, before, 'after two');
  });

  test('the same after a crash in the middle of the first', async () => {
    for (let at = 0; ; at += 7) {
      const { machine, before } = await fresh();
      const end = await live(machine, 'enter', at);
      await live(machine, 'enter');
      await expectWhole(machine, before, `${at}`);
      if (end === 'ended') break;
    }
  });
});
