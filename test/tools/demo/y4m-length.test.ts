import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { y4mLength } from '#tools/demo/y4m-length.ts';

const folder = mkdtempSync(join(tmpdir(), 'atalaya-y4m-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FRAME = `FRAME\n${'x'.repeat(24)}`;

test('a clip is as long as its frames', async () => {
  const file = join(folder, 'clip.y4m');
  writeFileSync(file, `YUV4MPEG2 W4 H4 F10:1 C420jpeg\n${FRAME.repeat(25)}`);
  expect(await y4mLength(file)).toEqual({ frames: 25, fps: 10, durationMs: 2_500 });
});

test.each([
  ['missing.y4m', null],
  ['text.y4m', 'not a clip'],
  ['odd.y4m', `YUV4MPEG2 W641 H480 F10:1 C420jpeg\nFRAME\n${'x'.repeat(500_000)}`],
  ['wide.y4m', `YUV4MPEG2 W640 H480 F10:1 C444\nFRAME\n${'x'.repeat(1_000_000)}`],
  ['empty.y4m', 'YUV4MPEG2 W640 H480 F10:1 C420jpeg\n'],
])('%s is refused with a sentence that names it', async (name, content) => {
  const file = join(folder, name);
  if (content !== null) writeFileSync(file, content);
  await expect(y4mLength(file)).rejects.toThrow(name);
});
