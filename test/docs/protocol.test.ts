import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS as LIMITS } from '#server/platform/limits.ts';
import { tokenHash } from '#server/platform/tokens.ts';
import { MAX_STILL_BYTES } from '#server/record/evidence.ts';
import { QUOTA } from '#server/record/quota.ts';
import { MAX_THUMBNAIL_BYTES } from '#server/room/thumbnails.ts';
import { gateTimes } from '#shared/incident/policy.ts';
import { PROBLEM_CODES } from '#shared/kernel/problem.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { FACTS } from '#shared/wire/facts.ts';
import { MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';
import { MAX_FRAMES, POLL_MS, POLL_SILENCE_MS } from '#shared/wire/polled.ts';
import { kioskSocket, startServer, type TestServer } from '#test/server/harness.ts';
import { EXAMPLE, EXAMPLE_PUBLIC_KEY, protocolExample } from '#tools/protocol/example.ts';
import { DOCS_FOLDER, protocolDocuments } from '#tools/protocol-docs.ts';

const read = (name: string): string => readFileSync(join(DOCS_FOLDER, name), 'utf8');

let documents: ReadonlyMap<string, string>;
beforeAll(async () => {
  documents = await protocolDocuments();
});

test.each(['schemas.json', 'openapi.json', 'example.json', '../protocol.md'])(
  'docs/protocol/%s is what `node tools/protocol-docs.ts` writes',
  (name) => {
    expect(read(name) === documents.get(name), `run node tools/protocol-docs.ts`).toBe(true);
  },
);

describe('the documents', () => {
  test('every reference leads somewhere', () => {
    for (const name of ['schemas.json', 'openapi.json']) {
      const document = JSON.parse(read(name)) as object;
      const references = [...read(name).matchAll(/"\$ref": "#\/([^"]+)"/g)];
      expect(references.length).toBeGreaterThan(20);
      for (const [, path = ''] of references) {
        const found = path
          .split('/')
          .reduce<unknown>(
            (at, key) => (at as Record<string, unknown> | undefined)?.[key],
            document,
          );
        expect(found, path).toBeDefined();
      }
    }
  });

  test('every route, problem and type of entry is in the text', () => {
    const text = read('../protocol.md');
    const { paths } = JSON.parse(read('openapi.json')) as { paths: Record<string, object> };
    expect(Object.keys(paths).length).toBeGreaterThan(10);
    const server = [...PROBLEM_CODES].filter((code) => !['offline', 'clock-skewed'].includes(code));
    const missing = [...server, ...Object.keys(FACTS)].filter(
      (word) => !text.includes(`\`${word}\``),
    );
    expect(missing).toEqual([]);
    for (const path of Object.keys(paths)) {
      const last = path.split('/').at(-1) ?? '';
      expect(text.includes(path) || text.includes(`\`${last}\``), path).toBe(true);
    }
  });
});

describe('the numbers in the text', () => {
  const text = read('../protocol.md');
  const row = (what: string): string =>
    text.split('\n').find((line) => line.startsWith(`| ${what} |`)) ?? '';
  const grouped = (value: number): string => value.toLocaleString('en');

  test.each([
    ['sign-ins of examinees', [LIMITS.signInsPerDevice, LIMITS.signInsPerPerson]],
    ["the same without a device's token", [LIMITS.strangersPerAddress]],
    ['sign-ins of staff that are wrong', [LIMITS.signInsPerAddress, LIMITS.signInsPerDevice]],
    ['sign-ins of the enrolment page that are wrong', [LIMITS.signInsPerAddress]],
    ['enrolment codes of devices that are wrong', [LIMITS.enrolmentsPerAddress]],
    ['passports', [LIMITS.passportsPerDevice]],
    ['looks at exit codes, makings of enrolment codes', [LIMITS.codesPerPerson]],
    ['enrolments that are sent', [LIMITS.submissionsPerPerson]],
    [
      "a request's body",
      [65_536, MAX_MESSAGE_BYTES, 2 * MAX_MESSAGE_BYTES, MAX_STILL_BYTES, MAX_THUMBNAIL_BYTES],
    ],
  ])('are those of the server: %s', (what, numbers) => {
    for (const number of numbers) expect(row(what)).toContain(grouped(number));
  });

  test('are those of the quota, the gate and the polled frames', () => {
    const { entries, unknown, incidents, questions } = QUOTA;
    for (const number of [entries, unknown, incidents, questions, MAX_MESSAGE_BYTES])
      expect(text).toContain(grouped(number));
    const usual = gateTimes({});
    expect(text).toContain(`\`graceMs\` ${grouped(usual?.graceMs ?? 0)}`);
    expect(text).toContain(`\`pictureMs\` ${grouped(usual?.pictureMs ?? 0)}`);
    expect(text).toContain(`${MAX_FRAMES} frames go in one request`);
    expect(text).toContain(`(0 to ${grouped(POLL_MS)})`);
    expect(text).toContain(`${POLL_SILENCE_MS / 1_000} s`);
  });
});

describe('the example', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
    // The demo's first attempt takes the example's names.
    server.sqlite.pragma('foreign_keys = OFF');
    const first = server.sqlite
      .prepare<[], { id: string; session_id: string }>(
        'SELECT id, session_id FROM attempts LIMIT 1',
      )
      .get();
    server.sqlite
      .prepare(
        'INSERT INTO devices (id, name, public_key, token_hash, enrolled_at) VALUES (?, ?, ?, ?, ?)',
      )
      .run(EXAMPLE.deviceId, 'PC', EXAMPLE_PUBLIC_KEY, 'x', 0);
    server.sqlite
      .prepare('UPDATE sessions SET id = ? WHERE id = ?')
      .run(EXAMPLE.sessionId, first?.session_id);
    server.sqlite
      .prepare('UPDATE attempts SET session_id = ? WHERE session_id = ?')
      .run(EXAMPLE.sessionId, first?.session_id);
    server.sqlite
      .prepare('UPDATE attempts SET id = ?, device_id = ? WHERE id = ?')
      .run(EXAMPLE.attemptId, EXAMPLE.deviceId, first?.id);
    server.sqlite
      .prepare('INSERT INTO examinee_tokens VALUES (?, ?, ?, ?, ?)')
      .run(
        tokenHash(EXAMPLE.token),
        EXAMPLE.attemptId,
        EXAMPLE.deviceId,
        0,
        server.clock.now() * 2,
      );
    server.sqlite.pragma('foreign_keys = ON');
  });
  afterAll(() => server.close());

  test('a server that never saw it answers with exactly these bytes', async () => {
    const [hello, , entries, ack] = protocolExample().socket;
    const socket = await kioskSocket(server);
    socket.socket.send(hello?.text ?? '');
    expect(await socket.until((m) => m.type === 'welcome')).toMatchObject({ lastSeq: 0 });
    socket.socket.send(entries?.text ?? '');
    expect(JSON.stringify(await socket.until((m) => m.type !== 'welcome'))).toBe(ack?.text);
    socket.close();
    await server.app.close();
    const marks = server.sqlite
      .prepare('SELECT verified_seq, broken_reason FROM attempts WHERE id = ?')
      .get(EXAMPLE.attemptId);
    expect(marks).toEqual({ verified_seq: 3, broken_reason: null });
  });

  test('another implementation of RFC 8785 and Ed25519 agrees', () => {
    const { hashed, socket } = protocolExample();
    const { entries } = JSON.parse(socket[2]?.text ?? '') as { entries: readonly LedgerEntry[] };
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: EXAMPLE_PUBLIC_KEY },
      format: 'jwk',
    });
    for (const [i, { hash, signature, ...rest }] of entries.entries()) {
      const canonical = canonicalize(rest) ?? '';
      expect(canonical).toBe(hashed[i]?.canonical);
      expect(createHash('sha256').update(canonical, 'utf8').digest('hex')).toBe(hash);
      if (signature === undefined) continue;
      expect(verify(null, Buffer.from(hash), key, Buffer.from(signature, 'base64url'))).toBe(true);
    }
  });
});
