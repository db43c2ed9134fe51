import { expect, test } from 'vitest';
import { askToKeepStorage } from '#renderer/adapters/kept-storage.ts';
import { check } from '#shared/kernel/schema.ts';
import { RequirementSchema } from '#shared/wire/kiosk-view.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test.each<[string, (() => Promise<boolean>) | undefined, string]>([
  ['yes', async () => true, 'ok'],
  ['no', async () => false, 'failed'],
  ['an error', () => Promise.reject(new Error('denied')), 'not-watched'],
  ['nothing yet', () => new Promise(() => undefined), 'not-watched'],
  ['no such question', undefined, 'failed'],
])(
  'a browser that answers %s: the device check says so and blocks nothing',
  async (_what, persist, outcome) => {
    const line = askToKeepStorage(persist === undefined ? undefined : { persist }, () => undefined);
    expect(line()).toMatchObject({ outcome: 'not-watched' });
    await settled();
    expect(line()).toMatchObject({ id: 'storage-kept', outcome, blocks: false });
    expect(check(RequirementSchema, line()).ok).toBe(true);
  },
);
