import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings, UsageError } from '#server/command-line.ts';

const order = (...args: string[]) => readSettings(args, {}).order;

describe('the command line of the server', () => {
  test('serves when it is told nothing, with what the environment says', () => {
    expect(order()).toMatchObject({ command: 'serve', port: 8480, host: '127.0.0.1', demo: true });
    expect(readSettings([], { PORT: '0', HOST: '::1', DATA_DIR: '/d', TRUST_PROXY: '1' })).toEqual({
      order: {
        command: 'serve',
        port: 0,
        host: '::1',
        pagesFolder: join(import.meta.dirname, '../../dist/renderer'),
        trustProxy: true,
        demo: true,
        demoIdentity: null,
      },
      dataFolder: '/d',
      logLevel: 'info',
      databaseUrl: null,
    });
    expect(order('--no-demo', '--port', '99', '--demo-identity', 'face')).toMatchObject({
      port: 99,
      demo: false,
      demoIdentity: 'face',
    });
  });

  test.each([
    [['codes', '300', '--data', '/d'], { command: 'codes', count: 300 }],
    [['--data', '/d', 'access-list'], { command: 'access-list' }],
    [['new-key', '--log', 'warn'], { command: 'new-key' }],
    [['codes', '--help'], { command: 'help' }],
  ])('%j', (args, expected) => {
    expect(order(...args)).toEqual(expected);
  });

  test.each([
    [['codes'], 'codes N is a whole number from 1 to 5000, not ""'],
    [['codes', '0'], 'from 1 to 5000, not "0"'],
    [['codes', '5001'], 'not "5001"'],
    [['codes', '1e3'], 'not "1e3"'],
    [['codes', '1', '2'], '"2" is too much'],
    [['access-list', 'all'], '"all" is too much'],
    [['codes', '3', '--port', '80'], '--port is for serving, not for codes'],
    [['new-key', '--no-demo'], '--no-demo is for serving, not for new-key'],
    [['newkey'], 'no command "newkey"; there are: codes, access-list, new-key'],
    [['--codes', '3'], "Unknown option '--codes'"],
    [['--port', '70000'], '--port is a whole number from 0 to 65535, not "70000"'],
    [['--port', ''], '--port is a whole number'],
    [['--log', 'loud'], '--log is one of: fatal'],
    [['--demo-identity', 'voice'], '--demo-identity is one of: by-hand, face, face-with-turns'],
  ])('%j is refused', (args, sentence) => {
    expect(() => order(...args)).toThrow(UsageError);
    expect(() => order(...args)).toThrow(sentence);
  });
});
