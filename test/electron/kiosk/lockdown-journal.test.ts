import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LockdownJournal } from '#electron/kiosk/lockdown-journal.ts';

const newFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'deeper', 'lockdown.json');
};

test('what was begun and not ended is there at the next start, in its order', () => {
  const file = newFile();
  const journal = LockdownJournal.open(file);
  expect(journal.entries).toEqual([]);
  journal.begin('screen', false, null);
  journal.begin('desktop', true, [{ at: ['a', 'b'], old: 'ñ' }]);
  journal.begin('power', false, 3);
  journal.end('screen');
  journal.end('screen');
  const next = LockdownJournal.open(file);
  expect(next.entries).toEqual([
    { step: 'desktop', durable: true, saved: [{ at: ['a', 'b'], old: 'ñ' }] },
    { step: 'power', durable: false, saved: 3 },
  ]);
  expect(next.spoiled).toBeNull();
});

test('what was saved first stays: later it is our own change that is read', () => {
  const file = newFile();
  LockdownJournal.open(file).begin('desktop', true, 'the person’s');
  const journal = LockdownJournal.open(file);
  journal.begin('desktop', true, 'ours');
  expect(LockdownJournal.open(file).entries).toEqual([
    { step: 'desktop', durable: true, saved: 'the person’s' },
  ]);
});

test.each([
  ['cut off', '{"version":1,"steps":[{"step":"a"'],
  ['empty', ''],
  ['of another shape', '{"version":1,"steps":[{"step":7}]}'],
  ['of a later version', '{"version":2,"steps":[]}'],
])('a journal that is %s is put aside and not lost', (_, text) => {
  const file = newFile();
  LockdownJournal.open(file);
  writeFileSync(file, text);
  const journal = LockdownJournal.open(file);
  expect(journal.entries).toEqual([]);
  expect(journal.spoiled).toBe(`${file}.spoiled`);
  expect(readFileSync(`${file}.spoiled`, 'utf8')).toBe(text);
  journal.begin('a', true, null);
  expect(LockdownJournal.open(file)).toMatchObject({ spoiled: null, entries: [{ step: 'a' }] });
});

test('a write that a crash cut off leaves the journal as it was', () => {
  const file = newFile();
  LockdownJournal.open(file).begin('a', true, null);
  writeFileSync(`${file}.part`, '{"version":1,"st');
  expect(LockdownJournal.open(file).entries).toHaveLength(1);
  LockdownJournal.open(file).end('a');
  expect(existsSync(`${file}.part`)).toBe(false);
});
