import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { undoLeftOver } from '#electron/kiosk/kiosk-lockdown.ts';
import { LockdownJournal } from '#electron/kiosk/lockdown-journal.ts';
import {
  hasGsettings,
  type LockdownMachine,
  linuxMachine,
  windowsMachine,
} from '#test/support/lockdown-machine.ts';

/** How a run of `lockdown-process.ts` ended. */
interface Run {
  readonly killed: boolean;
  readonly code: number | null;
  readonly printed: string;
}

const CHILD = join(import.meta.dirname, 'lockdown-process.ts');
const run = (machine: LockdownMachine, task: 'enter' | 'leave' | 'restore', dies: string): Run => {
  const { signal, status, stdout, stderr } = spawnSync(
    process.execPath,
    [CHILD, task, machine.folder, machine.platform, dies],
    { env: machine.environment, encoding: 'utf8' },
  );
  return { killed: signal === 'SIGKILL', code: status, printed: stdout + stderr };
};

const EPHEMERAL = ['screen', 'content-protection', 'clipboard', 'shortcuts', 'power-save'];
const LINUX = [
  'restore-at-sign-in',
  'desktop-shortcuts',
  'desktop-interruptions',
  'desktop-clipboard',
];
const WINDOWS = [
  'restore-at-sign-in',
  'windows-shortcuts',
  'windows-capture',
  'windows-clipboard',
  'windows-interruptions',
];

const real = hasGsettings();
const machines = [
  {
    name: `Linux with ${real ? 'its own' : 'a recording'} gsettings`,
    make: () => linuxMachine(real),
    durable: LINUX,
  },
  { name: 'Windows with a recording reg', make: windowsMachine, durable: WINDOWS },
];

describe.each(machines)('$name', ({ make, durable }) => {
  const steps = [...EPHEMERAL, ...durable];
  const made: LockdownMachine[] = [];
  afterEach(() => {
    for (const machine of made.splice(0)) machine.remove();
  });
  const fresh = (): { machine: LockdownMachine; before: string } => {
    const machine = make();
    made.push(machine);
    return { machine, before: machine.state() };
  };
  /** What the next start does before anything else. */
  const nextStart = async (machine: LockdownMachine): Promise<void> => {
    const { failed } = await undoLeftOver(
      LockdownJournal.open(machine.journalFile),
      machine.undoable(),
    );
    expect(failed).toEqual([]);
  };
  const expectWhole = (machine: LockdownMachine, before: string): void => {
    expect(machine.state()).toBe(before);
    expect(machine.left()).toEqual([]);
  };

  test('an exam that ends as it should changes something and leaves nothing', () => {
    const { machine, before } = fresh();
    const ended = run(machine, 'leave', 'none');
    expect(ended).toMatchObject({ killed: false, code: 0 });
    expect(ended.printed).toContain(`entered ${steps.join(' ')}`);
    expect(ended.printed).not.toContain('error');
    expectWhole(machine, before);
  });

  // Each step and each moment of it: test/electron/kiosk/lockdown-crash.test.ts, in memory. Here that a process of
  // its own, killed by the system, leaves on the disk what those tests suppose.
  test('killed while its last step was performed, and while that was being undone', async () => {
    const last = steps.length - 1;
    for (const [task, when] of [
      ['enter', `after-perform:${last}`],
      ['leave', `before-revert:${last - 1}`],
    ] as const) {
      const { machine, before } = fresh();
      expect(run(machine, task, when).killed).toBe(true);
      expect(machine.left()).toEqual(task === 'enter' ? steps : steps.slice(0, last));
      expect(machine.state()).not.toBe(before);
      await nextStart(machine);
      expectWhole(machine, before);
    }
  });

  test('killed in the exam, and again while --restore undid it', () => {
    const { machine, before } = fresh();
    expect(run(machine, 'enter', 'none').killed).toBe(true);
    expect(machine.left()).toEqual(steps);
    const middle = durable[1] ?? '';
    const at = machine.undoable().findIndex(({ id }) => id === middle);
    expect(run(machine, 'restore', `after-revert:${at}`).killed).toBe(true);
    expect(machine.left().at(-1)).toBe(middle);
    expect(run(machine, 'restore', 'none')).toMatchObject({ killed: false, code: 0 });
    expectWhole(machine, before);
  });
});
