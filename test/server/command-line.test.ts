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
        showLogIns: false,
        demoIdentity: null,
        demoClip: false,
      },
      dataFolder: '/d',
      logLevel: 'info',
      databaseUrl: null,
    });
    expect(
      order('--no-demo', '--port', '99', '--demo-identity', 'face', '--demo-clip'),
    ).toMatchObject({
      demoClip: true,
      port: 99,
      demo: false,
      demoIdentity: 'face',
    });
  });

  test.each([
    [['codes', '300', '--data', '/d'], { command: 'codes', count: 300 }],
    [['--data', '/d', 'access-list'], { command: 'access-list' }],
    [
      ['time-zone', 'venue-1', 'Pacific/Galapagos'],
      { command: 'time-zone', venueId: 'venue-1', timeZone: 'Pacific/Galapagos' },
    ],
    [
      ['institution', ' Universidad  de\nla Costa '],
      { command: 'institution', name: 'Universidad de la Costa' },
    ],
    [['new-key', '--log', 'warn'], { command: 'new-key' }],
    [['codes', '--help'], { command: 'help' }],
  ])('%j', (args, expected) => {
    expect(order(...args)).toEqual(expected);
  });

  test.each([
    [['codes'], 'codes N es un número entero de 1 a 5000, no «»'],
    [['codes', '0'], 'de 1 a 5000, no «0»'],
    [['codes', '5001'], 'no «5001»'],
    [['codes', '1e3'], 'no «1e3»'],
    [['institution'], 'Falta el nombre de la institución'],
    [['institution', ' '], 'Falta el nombre de la institución'],
    [['institution', 'x'.repeat(121)], 'de 1 a 120 caracteres'],
    [['institution', 'a\u0007b'], 'de 1 a 120 caracteres'],
    [['time-zone', 'venue-1'], 'Faltan la sede y su zona horaria.'],
    [['time-zone', 'venue-1', 'America/Quito'], 'No existe la zona horaria «America/Quito»'],
    [['codes', '1', '2'], '«2» está de más'],
    [['access-list', 'all'], '«all» está de más'],
    [['codes', '3', '--port', '80'], '--port es para servir, no para codes'],
    [['new-key', '--no-demo'], '--no-demo es para servir, no para new-key'],
    [
      ['newkey'],
      'No existe la orden «newkey»; hay: codes, access-list, time-zone, institution, new-key',
    ],
    [['--codes', '3'], 'No existe la opción --codes.'],
    [['--port', '70000'], '--port es un número entero de 0 a 65535, no «70000»'],
    [['--port', ''], '--port es un número entero'],
    [['--log', 'loud'], '--log es uno de: fatal'],
    [['--demo-identity', 'voice'], '--demo-identity es uno de: by-hand, face, face-with-turns'],
  ])('%j is refused', (args, sentence) => {
    expect(() => order(...args)).toThrow(UsageError);
    expect(() => order(...args)).toThrow(sentence);
  });
});
