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
  // What ends with the process is the same everywhere: its turn is in the first of the two.
  const numbers = steps
    .map((id, i) => [i, id] as const)
    .filter(([, id]) => durable === LINUX || durable.includes(id));
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

  test('killed in the exam: everything is changed and in the journal, and the next start undoes it', async () => {
    const { machine, before } = fresh();
    expect(run(machine, 'enter', 'none').killed).toBe(true);
    expect(machine.left()).toEqual(steps);
    expect(machine.state()).not.toBe(before);
    await nextStart(machine);
    expectWhole(machine, before);
  });

  test.each(numbers)('killed just before step %i, %s, was performed', async (i) => {
    const { machine, before } = fresh();
    expect(run(machine, 'enter', `before-perform:${i}`).killed).toBe(true);
    expect(machine.left()).toEqual(steps.slice(0, i + 1));
    await nextStart(machine);
    expectWhole(machine, before);
  });

  test.each(numbers)('killed just after step %i, %s, was performed', async (i, id) => {
    const { machine, before } = fresh();
    expect(run(machine, 'enter', `after-perform:${i}`).killed).toBe(true);
    expect(machine.left()).toEqual(steps.slice(0, i + 1));
    // The step did something, or this would say nothing.
    if (durable.includes(id)) expect(machine.state()).not.toBe(before);
    await nextStart(machine);
    expectWhole(machine, before);
  });

  test.each(numbers)('killed while step %i, %s, was being undone', async (i) => {
    for (const when of ['before', 'after']) {
      const { machine, before } = fresh();
      expect(run(machine, 'leave', `${when}-revert:${i}`).killed).toBe(true);
      expect(machine.left()).toEqual(steps.slice(0, i + 1));
      await nextStart(machine);
      expectWhole(machine, before);
    }
  });

  test.each(durable.map((id, i) => [i, id] as const))(
    'killed in the exam, and again while --restore undid step %i, %s',
    async (i) => {
      const { machine, before } = fresh();
      run(machine, 'enter', 'none');
      for (const when of ['before', 'after']) {
        const at = machine.undoable().findIndex(({ id }) => id === durable[i]);
        expect(run(machine, 'restore', `${when}-revert:${at}`).killed).toBe(true);
        expect(machine.left().at(-1)).toBe(durable[i]);
      }
      expect(run(machine, 'restore', 'none')).toMatchObject({ killed: false, code: 0 });
      expectWhole(machine, before);
    },
  );

  test('two crashes in a row: the second exam saves what the person had, not what the first had set', async () => {
    const { machine, before } = fresh();
    run(machine, 'enter', 'none');
    run(machine, 'enter', 'none');
    await nextStart(machine);
    expectWhole(machine, before);
  });
});
