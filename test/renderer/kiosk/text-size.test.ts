import { expect, test } from 'vitest';
import { steppedSize, TEXT_SIZES, type TextSize } from '#renderer/kiosk/text-size.ts';
import type { TextStep } from '#shared/incident/shortcut.ts';

test.each<[TextSize, TextStep, TextSize]>([
  [100, 'larger', 125],
  [175, 'larger', 200],
  [200, 'larger', 200],
  [125, 'smaller', 100],
  [100, 'smaller', 100],
  [200, 'reset', 100],
])('text at %d %%, %s: %d %%', (from, step, to) => {
  expect(steppedSize(from, step)).toBe(to);
});

test('every size is a step from the usual one', () => {
  let size: TextSize = 100;
  for (const next of TEXT_SIZES.slice(1)) {
    size = steppedSize(size, 'larger');
    expect(size).toBe(next);
  }
});
