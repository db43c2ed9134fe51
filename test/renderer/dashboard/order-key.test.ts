import { expect, test } from 'vitest';
import { orderKeys } from '#renderer/dashboard/shell/order-key.ts';
import { check } from '#shared/kernel/schema.ts';
import { CommandRequestSchema } from '#shared/wire/http.ts';

test('the same words keep their key, other words get a new one, and so does going back', () => {
  let made = 0;
  const keyFor = orderKeys(() => {
    made += 1;
    return `key-${made}`;
  });
  expect(['a', 'a', 'b', 'b', 'a'].map(keyFor)).toEqual([
    'key-1',
    'key-1',
    'key-2',
    'key-2',
    'key-3',
  ]);
});

test('each form makes its own random keys, and the server takes them', () => {
  const keys = Array.from({ length: 200 }, () => orderKeys()('Hola'));
  expect(new Set(keys).size).toBe(200);
  for (const key of keys) {
    expect(
      check(CommandRequestSchema, { key, command: { type: 'message', text: 'Hola' } }).ok,
    ).toBe(true);
  }
});
