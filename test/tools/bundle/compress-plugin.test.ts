import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compressed } from '#tools/bundle/compress-plugin.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-compress-'));
  const root = join(folder, 'page');
  await mkdir(join(folder, 'public/vision'), { recursive: true });
  await mkdir(root);
  const lines = Array.from({ length: 200 }, (_, i) => `document.title = 'line ${i}';`);
  await writeFile(join(root, 'large.js'), lines.join('\n'));
  await writeFile(join(root, 'small.js'), 'document.title = "small";');
  await writeFile(join(root, 'index.html'), '<script type="module" src="./large.js"></script>');
  await writeFile(join(root, 'other.html'), '<script type="module" src="./small.js"></script>');
  await writeFile(join(folder, 'public/vision/model.js'), lines.join('\n'));
  await build({
    configFile: false,
    root,
    publicDir: join(folder, 'public'),
    logLevel: 'error',
    plugins: [compressed()],
    build: {
      outDir: join(folder, 'out'),
      minify: false,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: [join(root, 'index.html'), join(root, 'other.html')] },
    },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('large files with a hash in their name lie compressed beside themselves, and no others', async () => {
  const names = await readdir(join(folder, 'out'), { recursive: true });
  const small = names.filter((name) => name.endsWith('.br'));
  expect(small).toEqual([expect.stringMatching(/^assets\/index-[^/]+\.js\.br$/)]);
  const [name = ''] = small;
  const whole = await readFile(join(folder, 'out', name.replace(/\.br$/, '')));
  expect(brotliDecompressSync(await readFile(join(folder, 'out', name))).equals(whole)).toBe(true);
});
