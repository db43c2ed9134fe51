import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeIsSpent, forgetCode } from '#electron/config/spent-code.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { enrolUnattended, whenNotEnrolled } from '#shared/kiosk/door/unattended-enrolment.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';

const CODE = 'ABCD-EFGH';
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-enrol-'));
  file = join(folder, 'site.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A host at its door that answers enrolments as told, and timers that a test lets pass. */
const desk = (answers: Result<null, Problem>[], stage: KioskView['stage'] = 'not-enrolled') => {
  const asked: KioskAction[] = [];
  const listeners = new Set<(view: KioskView) => void>();
  const timers: (() => void)[] = [];
  let now = stage;
  const show = (next: KioskView['stage']) => {
    now = next;
    for (const listener of [...listeners]) listener({ stage: now } as KioskView);
  };
  const host: Pick<KioskHost, 'perform' | 'subscribe'> = {
    subscribe: (listener) => {
      listeners.add(listener);
      listener({ stage: now } as KioskView);
      return () => listeners.delete(listener);
    },
    perform: async (action) => {
      asked.push(action);
      const answer = answers.shift() ?? fail({ code: 'offline' });
      if (answer.ok) show('signed-out');
      return answer;
    },
  };
  return {
    asked,
    show,
    listeners,
    waiting: timers,
    pass: async () => {
      for (const timer of timers.splice(0)) timer();
      await settled();
    },
    start: () =>
      enrolUnattended({
        host: host as KioskHost,
        code: CODE,
        onEnrolled: () => forgetCode(folder, { code: CODE, origin: { file, line: 2 } }),
        scheduler: {
          after: (_ms, task) => {
            timers.push(task);
            return () => timers.splice(timers.indexOf(task), 1);
          },
          every: () => () => undefined,
        },
        log: () => undefined,
      }),
    host: host as KioskHost,
  };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('a machine that enrols by itself', () => {
  test('asks once, takes the code out of the file and remembers it as spent', async () => {
    writeFileSync(file, JSON.stringify({ room: 'Aula 12', enrolCode: CODE }));
    const { start, asked, listeners } = desk([ok(null)]);
    start();
    await settled();
    expect(asked).toEqual([{ type: 'enrol', code: CODE }]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ room: 'Aula 12' });
    expect(codeIsSpent(folder, CODE)).toBe(true);
    expect(readFileSync(join(folder, 'enrolment-code-used.json'), 'utf8')).not.toContain(CODE);
    expect(listeners.size).toBe(0);
  });

  test('a file with nothing but codes goes away', async () => {
    writeFileSync(
      file,
      JSON.stringify({ enrolCodes: { a: CODE }, enrolCodesExpire: '2026-12-01' }),
    );
    desk([ok(null)]).start();
    await settled();
    expect(existsSync(file)).toBe(false);
  });

  test('without a network it asks again, not at every change of the screen', async () => {
    const { start, asked, show, waiting, pass } = desk([
      fail({ code: 'offline' }),
      fail({ code: 'rate-limited' }),
      ok(null),
    ]);
    start();
    await settled();
    show('not-enrolled');
    show('not-enrolled');
    await settled();
    expect(asked).toHaveLength(1);
    expect(waiting).toHaveLength(1);
    await pass();
    await pass();
    expect(asked).toHaveLength(3);
    expect(codeIsSpent(folder, CODE)).toBe(true);
  });

  test('a refused code is not asked again and stays unspent', async () => {
    const { start, asked, waiting } = desk([fail({ code: 'unknown-code' })]);
    start();
    await settled();
    expect(asked).toHaveLength(1);
    expect(waiting).toHaveLength(0);
    expect(codeIsSpent(folder, CODE)).toBe(false);
  });

  test.each(['signed-out', 'attempt'] as const)(
    'an enrolled machine (%s) asks nothing',
    async (stage) => {
      const { start, asked, listeners } = desk([], stage);
      start();
      await settled();
      expect(asked).toEqual([]);
      expect(listeners.size).toBe(0);
    },
  );

  test('somebody who types a code meanwhile is not disturbed', async () => {
    const { start, asked, show, pass } = desk([fail({ code: 'offline' })]);
    start();
    await settled();
    show('signed-out');
    await pass();
    expect(asked).toHaveLength(1);
  });
});

test.each([
  ['not-enrolled', 1],
  ['signed-out', 0],
] as const)('a bad code is told when the machine is %s: %i times', async (stage, times) => {
  const { host, show, listeners } = desk([], 'starting');
  let told = 0;
  whenNotEnrolled(host, () => {
    told += 1;
  });
  show(stage);
  show(stage);
  expect(told).toBe(times);
  expect(listeners.size).toBe(0);
});
