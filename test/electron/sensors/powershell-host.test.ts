import { afterEach, describe, expect, it } from 'vitest';
import {
  createPowerShellHost,
  PowerShellError,
  type PowerShellHost,
} from '#electron/sensors/probe/powershell-host.ts';
import { PROGRAMS_PRELUDE, WINDOWS_PRELUDE } from '#electron/sensors/probe/powershell-scripts.ts';

/** A program that reads commands from its input line by line, as `powershell -Command -` does. */
const STAND_IN = `
let defined = 0;
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  if (line.startsWith('define ')) defined += 1;
  else if (line.startsWith('Write-Output ')) console.log(line.slice(13).replaceAll("'", ''));
  else if (line === 'die') process.exit(1);
  else if (line === 'defined') console.log(defined);
  else if (line === 'two') console.log('first\\nsecond');
  else if (line === 'pid') console.log(process.pid);
  else if (line === 'hang') { for (;;); }
});`;

describe('one PowerShell for many questions', () => {
  const hosts: PowerShellHost[] = [];
  const open = (command: readonly [string, ...string[]]): PowerShellHost => {
    const host = createPowerShellHost({ prelude: ['define a', 'define b'], command });
    hosts.push(host);
    return host;
  };
  const standIn = () => open([process.execPath, '-e', STAND_IN]);
  const soon = (): AbortSignal => AbortSignal.timeout(5_000);
  afterEach(() => {
    for (const host of hosts.splice(0)) host.close();
  });

  it('answers each in its turn, from one process that was prepared once', async () => {
    const host = standIn();
    const [two, defined, first, second] = await Promise.all(
      ['two', 'defined', 'pid', 'pid'].map((line) => host.ask(line, soon())),
    );
    expect([two, defined]).toEqual(['first\nsecond', '2']);
    expect(first).toBe(second);
  });

  it('that dies says so, and the next question has another one', async () => {
    const host = standIn();
    await expect(host.ask('die', soon())).rejects.toMatchObject({ failure: 'tool-blocked' });
    expect(await host.ask('defined', soon())).toBe('2');
  });

  it('that hangs is ended with the question, and the next question has another one', async () => {
    const host = standIn();
    const before = await host.ask('pid', soon());
    await expect(host.ask('hang', AbortSignal.timeout(200))).rejects.toBeInstanceOf(
      PowerShellError,
    );
    const after = await host.ask('pid', soon());
    expect(after).not.toBe(before);
    const lives = (): boolean => {
      try {
        return process.kill(Number(before), 0);
      } catch {
        return false;
      }
    };
    await expect.poll(lives, { timeout: 5_000 }).toBe(false);
  });

  it('that is not there is told as missing', async () => {
    const host = open(['/nonexistent/powershell.exe']);
    await expect(host.ask('pid', soon())).rejects.toMatchObject({ failure: 'tool-missing' });
  });

  it('a question that comes too late is not asked', async () => {
    await expect(standIn().ask('pid', AbortSignal.abort())).rejects.toBeInstanceOf(PowerShellError);
  });
});

describe('what it is told', () => {
  it.each([...PROGRAMS_PRELUDE, ...WINDOWS_PRELUDE])('is one whole line: %.60s', (line) => {
    expect(line).not.toMatch(/[\r\n]/);
    const balance = (open: string, close: string) =>
      line.split(open).length - line.split(close).length;
    expect([balance('{', '}'), balance('(', ')'), balance('[', ']')]).toEqual([0, 0, 0]);
    expect(line.split("'").length % 2).toBe(1);
  });
});
