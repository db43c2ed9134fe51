import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { durableSteps, undoableSteps } from '#electron/kiosk/durable-steps.ts';
import { LockdownJournal } from '#electron/kiosk/lockdown-journal.ts';
import type { RunTool } from '#electron/kiosk/steps/settings/tool-runner.ts';
import { memoryGsettings, memoryRegistry } from '#test/support/fake/memory-tools.ts';
import { GNOME_OWN, type LockdownMachine, REGISTRY } from '#test/support/lockdown-machine.ts';

const recorded = readFileSync(
  fileURLToPath(import.meta.resolve('#test/electron/kiosk/recorded/gsettings-gnome-43.txt')),
  'utf8',
);

/** Verbs of the tools after which a setting is another one. */
const CHANGES: readonly string[] = ['set', 'reset', 'add', 'delete'];

/** A machine in memory, on which a test may stop the clock whenever a tool has changed something. */
export type MemoryMachine = Omit<LockdownMachine, 'environment'>;

/**
 * A user's settings in memory; the journal and the file that starts the program at sign-in are real.
 * @param moment called after each change, with the words to the tool. What it waits for, the tool waits for.
 */
export const memoryMachine = async (
  platform: 'linux' | 'win32',
  moment: (call: string) => Promise<void>,
): Promise<MemoryMachine> => {
  // Memory where there is some: the journal is on the disk before each step, and fsync takes its time.
  const shared = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(shared, 'atalaya-memory-'));
  const tool = platform === 'linux' ? memoryGsettings(recorded) : memoryRegistry(REGISTRY);
  if (platform === 'linux')
    for (const [schema, key, value] of GNOME_OWN) await tool.run(['set', schema, key, value]);
  const run: RunTool = async (args) => {
    const result = await tool.run(args);
    if (CHANGES.includes(args[0] ?? '')) await moment(args.join(' '));
    return result;
  };
  const machine = {
    platform,
    // Nothing else is asked: a tool that is not the memory's is not found.
    environment: {
      XDG_CURRENT_DESKTOP: 'GNOME',
      XDG_CONFIG_HOME: join(folder, 'config'),
      PATH: '',
    },
    home: folder,
    program:
      platform === 'linux' ? '/opt/Atalaya/atalaya' : 'C:\\Program Files\\Atalaya\\Atalaya.exe',
    ...(platform === 'linux' ? { gsettings: run } : { reg: run }),
  };
  const autostart = join(folder, 'config/autostart/atalaya-restore.desktop');
  const journalFile = join(folder, 'data/lockdown.json');
  return {
    folder,
    platform,
    journalFile,
    steps: () => durableSteps(machine),
    undoable: () => undoableSteps(machine),
    state: () =>
      [tool.state(), existsSync(autostart) ? readFileSync(autostart, 'utf8') : ''].join('\n'),
    left: () => LockdownJournal.open(journalFile).entries.map(({ step }) => step),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
