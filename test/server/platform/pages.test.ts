import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '#test/server/harness.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-pages-'));
  const file = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  file('kiosk/index.html', '<!doctype html><title>kiosk</title>');
  file('dashboard/index.html', '<!doctype html><title>dashboard</title>');
  file('assets/main-1a2b3c.js', 'export {};');
  file('vision/model.tflite', 'model');
  writeFileSync(join(folder, 'vision/model.tflite.br'), brotliCompressSync('model'));
  file('../atalaya-secret.txt', 'secret');
  server = await startServer({ deps: { pagesFolder: folder } });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(folder, '../atalaya-secret.txt'), { force: true });
});

const get = (url: string) => server.app.inject({ method: 'GET', url });

test('the address alone leads to a door for everybody', async () => {
  const answer = await get('/');
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/front/']);
});

test.each([
  ['/kiosk/', 'kiosk', 'no-cache'],
  ['/dashboard/', 'dashboard', 'no-cache'],
  ['/assets/main-1a2b3c.js', 'export', 'public, max-age=31536000, immutable'],
  ['/vision/model.tflite', 'model', 'no-cache'],
])('%s', async (url, text, age) => {
  const answer = await get(url);
  expect(answer.body).toContain(text);
  expect(answer.headers).toMatchObject({
    'cache-control': age,
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'permissions-policy': expect.stringContaining('camera=(self)'),
    'x-content-type-options': 'nosniff',
  });
});

test('what lies there compressed is sent so to whoever takes it, under the same rules', async () => {
  const url = '/vision/model.tflite';
  const headers = { 'accept-encoding': 'gzip, deflate, br, zstd' };
  const small = await server.app.inject({ method: 'GET', url, headers });
  expect(small.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': (await get(url)).headers['content-type'],
    'cache-control': 'no-cache',
    vary: expect.stringMatching(/accept-encoding/i),
  });
  expect(brotliDecompressSync(small.rawPayload).toString()).toBe('model');
  const { etag } = small.headers;
  const again = await server.app.inject({
    method: 'GET',
    url,
    headers: { ...headers, 'if-none-match': String(etag) },
  });
  expect(again.statusCode).toBe(304);
  const plain = await server.app.inject({ url, headers: { 'accept-encoding': 'identity' } });
  expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, 'model']);
  expect(plain.headers.etag).not.toBe(etag);
});

test('what did not change is not sent again', async () => {
  const { etag } = (await get('/vision/model.tflite')).headers;
  const again = await server.app.inject({
    method: 'GET',
    url: '/vision/model.tflite',
    headers: { 'if-none-match': String(etag) },
  });
  expect([again.statusCode, again.body]).toEqual([304, '']);
});

test('/kiosk leads to /kiosk/', async () => {
  const answer = await get('/kiosk');
  expect([Math.floor(answer.statusCode / 100), answer.headers.location]).toEqual([3, '/kiosk/']);
});

test.each([
  '/nothing.html',
  '/../atalaya-secret.txt',
  '/..%2fatalaya-secret.txt',
  '/%2e%2e/atalaya-secret.txt',
  '/assets/..%5c..%5catalaya-secret.txt',
  '/assets/',
])('%s is not there', async (url) => {
  const answer = await get(url);
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.statusCode).toBeLessThan(500);
  expect(answer.body).not.toContain('secret');
});
