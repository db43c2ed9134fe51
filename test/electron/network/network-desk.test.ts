import { describe, expect, test } from 'vitest';
import { networkDesk } from '#electron/network/network-desk.ts';
import type { NetworkTool } from '#electron/network/network-tool.port.ts';
import { told, toldOf } from '#shared/incident/reading.ts';
import { check } from '#shared/kernel/schema.ts';
import type { NetworkOutcome, NetworkRights } from '#shared/ports/machine-network.port.ts';
import { NetworkAskSchema } from '#shared/wire/host-ipc.ts';

const near = (name: string, security: 'open' | 'password' | 'managed' = 'password') => ({
  name,
  signal: 50,
  security,
  known: false,
  current: false,
});

const desk = (rights: NetworkRights, changes: Partial<NetworkTool> = {}) => {
  const did: string[] = [];
  const tool: NetworkTool = {
    look: async (nearby) => {
      did.push(`look ${nearby}`);
      const networks = nearby ? [near('Aula'), near('eduroam', 'managed')] : [];
      return told({ cable: 'away', wifi: 'away', name: null, signal: null, nearby: networks });
    },
    reconnect: async () => {
      did.push('reconnect');
      return 'done';
    },
    join: async ({ name }, password) => {
      did.push(`join ${name} ${password}`);
      return 'done';
    },
    ...changes,
  };
  const logged: string[] = [];
  const network = networkDesk({
    tool,
    rights,
    onChanged: () => did.push('changed'),
    log: (what, outcome) => logged.push(`${what} ${outcome}`),
  });
  return { network, did, logged };
};

describe('what the person may do about the network', () => {
  test('nothing', async () => {
    const { network, did } = desk('none');
    expect(await network.look()).toMatchObject({ rights: 'none' });
    expect(await network.reconnect()).toBe('denied');
    expect(await network.join('Aula', 'x')).toBe('denied');
    expect(did).toEqual([]);
  });

  test('see and connect again: other networks are not even listed', async () => {
    const { network, did } = desk('reconnect');
    const { rights, reading } = await network.look();
    expect([rights, toldOf(reading)?.nearby]).toEqual(['reconnect', []]);
    expect(await network.join('Aula', 'x')).toBe('denied');
    expect(await network.reconnect()).toBe('done');
    expect(did).toEqual(['look false', 'reconnect', 'changed']);
  });

  test('choose: only what was shown, and the password is in no log', async () => {
    const { network, did, logged } = desk('choose');
    expect(await network.join('Aula', 'clave secreta')).toBe('not-found');
    expect((await network.look()).rights).toBe('choose');
    expect(await network.join('Another', 'clave secreta')).toBe('not-found');
    expect(await network.join('eduroam', 'clave secreta')).toBe('not-supported');
    expect(await network.join('Aula', 'clave secreta')).toBe('done');
    expect(did).toEqual(['look true', 'join Aula clave secreta', 'changed']);
    expect(logged).toEqual(['join done']);
  });

  test('a system whose tool cannot choose lets connect again only', async () => {
    const { network } = desk('choose', { join: null });
    expect((await network.look()).rights).toBe('reconnect');
    expect(await network.join('Aula', null)).toBe('denied');
  });

  test('one change at a time, and one that throws has failed', async () => {
    let end = (_: NetworkOutcome): void => undefined;
    const { network, did } = desk('reconnect', {
      reconnect: () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    });
    const first = network.reconnect();
    expect(await network.reconnect()).toBe('busy');
    end('timeout');
    expect(await first).toBe('timeout');
    expect(did).toEqual(['changed']);
    const thrown = desk('reconnect', { reconnect: () => Promise.reject(new Error('broken')) });
    expect(await thrown.network.reconnect()).toBe('failed');
    const blind = desk('reconnect', { look: () => Promise.reject(new Error('broken')) });
    expect((await blind.network.look()).reading).toMatchObject({ state: 'failed' });
  });
});

test.each<[unknown, boolean]>([
  [{ do: 'look' }, true],
  [{ do: 'reconnect' }, true],
  [{ do: 'join', name: 'Aula 3', password: null }, true],
  [{ do: 'join', name: 'Aula 3', password: 'ñandú 2026' }, true],
  [{ do: 'join', name: 'x'.repeat(33), password: null }, false],
  [{ do: 'join', name: '', password: null }, false],
  [{ do: 'join', name: 'Aula', password: 'x'.repeat(65) }, false],
  [{ do: 'join', name: 'Aula', password: 'a\nb' }, false],
  [{ do: 'join', name: 'Aula', password: 'a\u0000b' }, false],
  [{ do: 'join', name: 'Aula' }, false],
  [{ do: 'off' }, false],
  [{ do: 'look', more: 1 }, false],
  [null, false],
])('the page asks %j: %s', (asked, good) => {
  expect(check(NetworkAskSchema, asked).ok).toBe(good);
});
