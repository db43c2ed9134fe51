import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KioskLockdown, undoLeftOver } from '#electron/kiosk/kiosk-lockdown.ts';
import { launchWords } from '#electron/kiosk/launch-words.ts';
import { LockdownJournal } from '#electron/kiosk/lockdown-journal.ts';
import { ToolMissing } from '#electron/kiosk/steps/settings/tool-runner.ts';
import type { LockdownStep } from '#electron/kiosk/steps/step.ts';

const newJournal = (): { file: string; journal: LockdownJournal } => {
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-lockdown-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'lockdown.json');
  return { file, journal: LockdownJournal.open(file) };
};

/** A step that writes down what happens to it, and what the journal said at that moment. */
const recordingStep = (
  id: string,
  told: string[],
  file: string,
  more: Partial<LockdownStep> = {},
): LockdownStep => {
  const known = (): string =>
    LockdownJournal.open(file)
      .entries.map(({ step }) => step)
      .join('+');
  return {
    id,
    durable: true,
    survey: async () => `old ${id}`,
    perform: () => {
      told.push(`${id} performed, journal ${known()}`);
      return [];
    },
    revert: (saved) => {
      told.push(`${id} undone from ${saved}, journal ${known()}`);
    },
    ...more,
  };
};
const logTo =
  (lines: string[]) =>
  (level: string, message: string, facts: object = {}): void => {
    lines.push(`${level} ${message} ${Object.values(facts).join(' ')}`);
  };

test('each step is in the journal before it happens and until it is undone, in reverse', async () => {
  const { file, journal } = newJournal();
  const told: string[] = [];
  const steps = ['a', 'b'].map((id) => recordingStep(id, told, file));
  const lockdown = new KioskLockdown(steps, journal, () => undefined);
  await lockdown.enter();
  await lockdown.enter();
  expect(lockdown.entered).toBe(true);
  await lockdown.leave();
  await lockdown.leave();
  expect(told).toEqual([
    'a performed, journal a',
    'b performed, journal a+b',
    'b undone from old b, journal a+b',
    'a undone from old a, journal a',
  ]);
  expect(lockdown.entered).toBe(false);
  expect(LockdownJournal.open(file).entries).toEqual([]);
});

test('a step that fails undoes itself and the ones before it', async () => {
  const { file, journal } = newJournal();
  const told: string[] = [];
  const broken = recordingStep('b', told, file, {
    perform: () => {
      throw new Error('no screen');
    },
  });
  const steps = [recordingStep('a', told, file), broken, recordingStep('c', told, file)];
  const lockdown = new KioskLockdown(steps, journal, () => undefined);
  await expect(lockdown.enter()).rejects.toThrow('no screen');
  expect(lockdown.entered).toBe(false);
  expect(told.map((text) => text.split(',')[0])).toEqual([
    'a performed',
    'b undone from old b',
    'a undone from old a',
  ]);
  expect(journal.entries).toEqual([]);
});

test('an exam that closes while it is still being entered ends with the machine given back', async () => {
  const { file, journal } = newJournal();
  const told: string[] = [];
  const slow = recordingStep('slow', told, file, {
    survey: () => new Promise((resolve) => setTimeout(() => resolve('old slow'), 20)),
  });
  const lockdown = new KioskLockdown([slow], journal, () => undefined);
  const entering = lockdown.enter();
  await lockdown.leave();
  await entering;
  expect(told).toHaveLength(2);
  expect(lockdown.entered).toBe(false);
  expect(journal.entries).toEqual([]);
});

describe('a machine without a tool', () => {
  test('leaves the step out, says so, and takes the exam', async () => {
    const { file, journal } = newJournal();
    const told: string[] = [];
    const lines: string[] = [];
    const without = recordingStep('without', told, file, {
      survey: async () => {
        throw new ToolMissing('gsettings: ENOENT');
      },
    });
    const partly = recordingStep('partly', told, file, {
      perform: () => [{ reason: 'platform', what: ['Alt+Tab'] }],
    });
    const lockdown = new KioskLockdown([without, partly], journal, logTo(lines));
    await lockdown.enter();
    expect(told).toEqual([]);
    expect(journal.entries.map(({ step }) => step)).toEqual(['partly']);
    expect(lockdown.shortfalls).toEqual([
      { step: 'without', shortfall: { reason: 'tool-missing', what: ['gsettings: ENOENT'] } },
      { step: 'partly', shortfall: { reason: 'platform', what: ['Alt+Tab'] } },
    ]);
    expect(lines).toEqual([
      'warn lockdown step incomplete without tool-missing gsettings: ENOENT',
      'warn lockdown step incomplete partly platform Alt+Tab',
    ]);
    await lockdown.leave();
    expect(journal.entries).toEqual([]);
  });

  test('with a full disk nothing is changed that would stay, and the exam is taken', async () => {
    const { file, journal } = newJournal();
    const told: string[] = [];
    const full = Object.assign(Object.create(journal) as LockdownJournal, {
      begin: () => {
        throw new Error('ENOSPC');
      },
      end: () => undefined,
    });
    Object.defineProperty(full, 'entries', { value: [] });
    const steps = [
      recordingStep('stays', told, file),
      recordingStep('ends', told, file, { durable: false }),
    ];
    const lockdown = new KioskLockdown(steps, full, () => undefined);
    await lockdown.enter();
    expect(told).toEqual(['ends performed, journal ']);
    expect(lockdown.entered).toBe(true);
  });
});

describe('what a run left behind', () => {
  const leave = (journal: LockdownJournal): void => {
    journal.begin('screen', false, null);
    journal.begin('a', true, 'old a');
    journal.begin('b', true, 'old b');
  };

  test('is undone in reverse; what ended with the process is struck out', async () => {
    const { file, journal } = newJournal();
    leave(journal);
    const told: string[] = [];
    const steps = ['a', 'b'].map((id) => recordingStep(id, told, file));
    const result = await undoLeftOver(LockdownJournal.open(file), steps);
    expect(result).toEqual({ undone: ['b', 'a'], failed: [] });
    expect(told.map((text) => text.split(',')[0])).toEqual([
      'b undone from old b',
      'a undone from old a',
    ]);
    expect(LockdownJournal.open(file).entries).toEqual([]);
  });

  test('and cannot be undone stays in the journal, is named, and keeps nothing else from it', async () => {
    const { file, journal } = newJournal();
    leave(journal);
    journal.begin('of a later version', true, null);
    const told: string[] = [];
    const steps = [
      recordingStep('a', told, file),
      recordingStep('b', told, file, {
        revert: () => {
          throw new Error('show-banners is false');
        },
      }),
    ];
    const result = await undoLeftOver(LockdownJournal.open(file), steps);
    expect(result).toEqual({
      undone: ['a'],
      failed: [
        { step: 'of a later version', detail: 'unknown step' },
        { step: 'b', detail: 'show-banners is false' },
      ],
    });
    expect(LockdownJournal.open(file).entries.map(({ step }) => step)).toEqual([
      'b',
      'of a later version',
    ]);
  });

  test.each([
    [
      { undone: [], failed: [] },
      null,
      ['No hay nada que deshacer: el equipo está como antes del examen.'],
    ],
    [
      { undone: ['windows-clipboard'], failed: [] },
      null,
      ['Se deshizo: el historial del portapapeles', 'El equipo quedó como antes del examen.'],
    ],
    [
      { undone: [], failed: [{ step: 'x', detail: 'acceso denegado' }] },
      null,
      [
        'No se pudo deshacer: x. El sistema respondió: acceso denegado',
        expect.stringContaining('Vuelva a ejecutar'),
      ],
    ],
    [
      { undone: [], failed: [] },
      '/d/lockdown.json.spoiled',
      [expect.stringContaining('/d/lockdown.json.spoiled')],
    ],
  ])('is told in Spanish: %j', (result, spoiled, lines) => {
    expect(launchWords('').restored(result, spoiled)).toEqual(lines);
  });
});
