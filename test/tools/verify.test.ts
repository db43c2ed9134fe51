import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { certifier } from '#server/privacy/certificates.ts';
import { hashInput, sealEntry } from '#shared/chain/chain.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import type { DeletionCertificate } from '#shared/wire/enrolment.ts';
import type { Bundle } from '#shared/wire/http.ts';
import { Recorder } from '#test/shared/attempt/recorder.ts';
import { digest, newKey } from '#test/shared/ledger/crypto.ts';
import { main } from '#tools/verify.ts';

const root = join(import.meta.dirname, '../..');
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

const picture = Buffer.from('not really a picture, but its bytes are all that counts');
const key = newKey();

const honest = async (): Promise<Bundle> => {
  const publicKey = await key.publicKey();
  const recorder = new Recorder({ publicKey });
  recorder.write('device-checked', 500, { results: [] });
  recorder.write('rules-accepted', 600, { rulesVersion: '1', locale: 'es' });
  recorder.write('framing-confirmed', 700, {
    evidence: [{ hash: sha256(picture), mime: 'image/jpeg', bytes: picture.byteLength, t: 650 }],
  });
  recorder.start(1_000).answer('q1', ['a'], 2_000);
  for (const t of [60_000, 120_000, 180_000]) recorder.observe('clipboard', 'happened', t);
  return {
    format: 'atalaya-bundle-1',
    exportedAt: 1_700_000_500_000,
    attemptId: recorder.entries[0]?.attemptId ?? '',
    publicKey,
    entries: await recorder.sealed(key),
    evidence: { [sha256(picture)]: { mime: 'image/jpeg', base64: picture.toString('base64') } },
  };
};

/** The bundle without its picture, and with a certificate that says why. */
const deleted = (
  seed: number,
  change: Partial<DeletionCertificate> = {},
  hash = sha256(picture),
): Bundle => {
  const { publicKey, certify } = certifier(new Uint8Array(32).fill(seed));
  const certificate = certify({
    id: 'certificate-1',
    at: bundle.exportedAt - 1,
    reason: 'retention-over',
    subject: 'a'.repeat(64),
    items: [{ what: 'still', attemptId: bundle.attemptId, hash, bytes: picture.byteLength }],
  });
  expect(certificate.publicKey).toBe(publicKey);
  return { ...bundle, evidence: {}, deletions: [{ ...certificate, ...change }] };
};

let folder: string;
let bundle: Bundle;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-verify-'));
  bundle = await honest();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly text: string;
}
const fileOf = async (content: string): Promise<string> => {
  const file = join(folder, `${sha256(content).slice(0, 12)}.json`);
  await writeFile(file, content);
  return file;
};
const verify = async (content: string): Promise<Run> => run([await fileOf(content)]);
/** What the command does, in this process. */
const run = async (args: readonly string[]): Promise<Run> => {
  const said: string[] = [];
  const spies = (['log', 'error'] as const).map((stream) =>
    vi.spyOn(console, stream).mockImplementation((line) => said.push(line)),
  );
  try {
    return { code: await main(args), text: said.join('\n') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
};
/** The command itself. */
const runCommand = (args: readonly string[]): Promise<Run> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, 'tools/verify.ts'), ...args],
      { cwd: root },
      (_, stdout, stderr) => resolve({ code: child.exitCode, text: stdout + stderr }),
    );
  });

const at = (type: string): number => bundle.entries.findIndex((entry) => entry.type === type);
const withEntry = (index: number, change: Partial<LedgerEntry>): Bundle => ({
  ...bundle,
  entries: bundle.entries.map((entry, i) => (i === index ? { ...entry, ...change } : entry)),
});
/** Hashed and linked anew from `index` on, with the signatures as they were. */
const linkedAgain = (entries: readonly LedgerEntry[], index: number): LedgerEntry[] => {
  const out = [...entries];
  for (let i = index; i < out.length; i++) {
    const entry = { ...(out[i] as LedgerEntry), seq: i + 1, previous: out[i - 1]?.hash ?? '' };
    out[i] = { ...entry, hash: sha256(hashInput(entry)) };
  }
  return out;
};

it('accepts an honest bundle and says what it checked', async () => {
  const { code, text } = await verify(JSON.stringify(bundle));
  expect(text).toMatch(/Cadena: \d+ entradas/);
  expect(text).toMatch(/Firmas: \d+/);
  expect(text).toMatch(/Evidencia: 1 /);
  expect(text).toMatch(/Reglas: 3 incidencias/);
  expect(text).toMatch(/3 intentos de copia vigentes/);
  expect(text).toContain('el expediente es válido');
  expect(code).toBe(0);
  const command = await runCommand([await fileOf(JSON.stringify(bundle))]);
  expect(command).toEqual({ code: 0, text: `${text}\n` });
});

describe('a record of a later version is not called wrong', () => {
  const later = async (change: (recorder: Recorder) => void, version = 1): Promise<Bundle> => {
    const publicKey = await key.publicKey();
    const recorder = new Recorder({ publicKey });
    recorder.start(1_000);
    change(recorder);
    const entries = recorder.entries.map((entry) => ({ ...entry }));
    const opened = entries[0];
    if (opened === undefined) throw new Error('nothing recorded');
    entries[0] = {
      ...opened,
      data: { ...opened.data, policy: { ...(opened.data.policy as object), version } },
    };
    const sealed: LedgerEntry[] = [];
    for (const entry of entries)
      sealed.push(await sealEntry(entry, sealed.at(-1)?.hash ?? GENESIS, { digest, key }));
    return { ...bundle, attemptId: opened.attemptId, entries: sealed, evidence: {} };
  };

  it('whose rules this build does not have: they were not replayed', async () => {
    const { code, text } = await verify(
      JSON.stringify(await later((one) => one.observe('clipboard', 'happened', 60_000), 99)),
    );
    expect(text).toContain('aviso Reglas: son de otra versión');
    expect(text).toContain('nada está mal, pero las reglas no se repasaron');
    expect(text).not.toContain('MAL');
    expect(code).toBe(3);
  });
});

describe('names the first broken entry', () => {
  const cases: readonly (readonly [
    string,
    () => Bundle | Promise<Bundle>,
    () => number,
    string,
  ])[] = [
    [
      'an edited answer',
      () => withEntry(at('answer-saved'), { data: { questionId: 'q1', optionIds: ['b'] } }),
      () => at('answer-saved') + 1,
      'Cadena',
    ],
    [
      'an edited answer with the whole chain made again',
      () => {
        const edited = withEntry(at('answer-saved'), {
          data: { questionId: 'q1', optionIds: ['b'] },
        });
        return { ...bundle, entries: linkedAgain(edited.entries, at('answer-saved')) };
      },
      () => at('answer-saved') + 1,
      'Firmas',
    ],
    [
      'an entry taken out',
      () => ({ ...bundle, entries: bundle.entries.filter((_, i) => i !== at('copy-attempt')) }),
      () => at('copy-attempt') + 1,
      'Cadena',
    ],
    [
      'entries in another order',
      () => {
        const entries = [...bundle.entries];
        entries.splice(3, 2, ...entries.slice(3, 5).reverse());
        return { ...bundle, entries };
      },
      () => 4,
      'Cadena',
    ],
    [
      'an entry that is no entry',
      () => ({ ...bundle, entries: [...bundle.entries.slice(0, 5), 7 as unknown as LedgerEntry] }),
      () => 6,
      'Cadena',
    ],
    [
      'another device',
      async () => ({ ...bundle, publicKey: await newKey().publicKey() }),
      () => 1,
      'Firmas',
    ],
    ['another attempt', () => ({ ...bundle, attemptId: 'attempt-2' }), () => 1, 'Cadena'],
    [
      'a picture that was exchanged',
      () => ({
        ...bundle,
        evidence: {
          [sha256(picture)]: {
            mime: 'image/jpeg',
            base64: Buffer.from('other').toString('base64'),
          },
        },
      }),
      () => at('framing-confirmed') + 1,
      'Evidencia',
    ],
    [
      'a picture that is gone',
      () => ({ ...bundle, evidence: {} }),
      () => at('framing-confirmed') + 1,
      'Evidencia',
    ],
  ];
  it.each(cases)('%s', async (_, forge, seq, checkName) => {
    const { code, text } = await verify(JSON.stringify(await forge()));
    expect(text).toMatch(new RegExp(`MAL +${checkName}: entrada ${seq()}:`));
    expect(text).toContain(`Primera entrada con fallas: ${seq()}.`);
    expect(code).toBe(1);
  });

  it('a kiosk that signs a ledger without its third copy attempt', async () => {
    const recorder = new Recorder({ publicKey: await key.publicKey() }).start();
    recorder.observe('clipboard', 'happened', 60_000);
    const kept = recorder.entries.filter(({ type }) => type !== 'copy-attempt');
    const lying = new Recorder({ publicKey: await key.publicKey() });
    lying.entries.splice(0, 1, ...kept.map((entry, i) => ({ ...entry, seq: i + 1 })));
    const { code, text } = await verify(
      JSON.stringify({ ...bundle, evidence: {}, entries: await lying.sealed(key) }),
    );
    expect(text).toMatch(/MAL +Reglas: entrada \d+:/);
    expect(code).toBe(1);
  });
});

it('accepts what was cut off after an entry: an attempt that still runs', async () => {
  const { code, text } = await verify(
    JSON.stringify({ ...bundle, entries: bundle.entries.slice(0, at('observation') + 1) }),
  );
  expect(text).toContain('(abierto)');
  expect(text).toContain('ninguna firma: 1.');
  expect(code).toBe(0);
});

it.each([
  ['no JSON', () => 'hola'],
  ['another JSON', () => '{"a":1}'],
  ['another format', () => JSON.stringify({ ...bundle, format: 'atalaya-bundle-2' })],
  ['a list', () => '[]'],
])('a file that is not a bundle: %s', async (_, content) => {
  const { code, text } = await verify(content());
  expect(text).toContain('no es un expediente');
  expect(code).toBe(2);
});

describe('a bundle whose end was cut', () => {
  const receipt = (seq = bundle.entries.length): string =>
    `atalaya-receipt:1:${bundle.attemptId}:${seq}:${bundle.entries[seq - 1]?.hash}`;
  const cut = (kept: number): string =>
    JSON.stringify({ ...bundle, entries: bundle.entries.slice(0, kept) });
  const compare = async (content: string, code: string): Promise<Run> =>
    run([await fileOf(content), '--receipt', code]);

  it('says which entries are missing', async () => {
    const all = bundle.entries.length;
    const three = await compare(cut(all - 3), receipt());
    expect(three.text).toContain(`faltan las entradas ${all - 2} a ${all}`);
    expect(three.text).toContain('NO corresponde al comprobante');
    expect(three.code).toBe(1);
    expect((await compare(cut(all - 1), receipt())).text).toContain(`falta la entrada ${all}:`);
    // By itself it stands, and says what it cannot know.
    const alone = await verify(cut(all - 1));
    expect(alone.code).toBe(0);
    expect(alone.text).toContain('solo se nota con el comprobante');
  });

  it('fits its receipt, also one of earlier and one with typed groups', async () => {
    const whole = JSON.stringify(bundle);
    const groups = String(bundle.entries[2]?.hash).replaceAll(/.{4}/g, '$& ');
    for (const code of [receipt(), receipt(3), `3:${groups}`]) {
      const { text, code: exit } = await compare(whole, code);
      expect(text).toContain('bien  Comprobante');
      expect(exit).toBe(0);
    }
  });

  it('is not the one of another receipt', async () => {
    const whole = JSON.stringify(bundle);
    const other = await compare(whole, `atalaya-receipt:1:another:3:${bundle.entries[2]?.hash}`);
    expect(other.text).toContain('Comprobante: es de otro intento');
    const changed = await compare(whole, `3:${'0'.repeat(64)}`);
    expect(changed.text).toContain('la entrada 3 no es la que');
    expect([other.code, changed.code]).toEqual([1, 1]);
  });
});

it('prints name, exam and the hash of the head', async () => {
  const about = {
    examinee: 'Rosa Quishpe',
    document: '******1234',
    exam: 'Álgebra',
    room: 'Aula 1',
    seat: 'B2',
    startsAt: 1_700_000_000_000,
  };
  const { text } = await verify(JSON.stringify({ ...bundle, about }));
  expect(text).toContain('Rosa Quishpe (******1234), Álgebra, Aula 1, puesto B2.');
  expect(text).toContain(String(bundle.entries.at(-1)?.hash));
  expect((await verify(JSON.stringify(bundle))).text).toContain('no dice de quién es');
});

it.each<[string, readonly string[], number, string]>([
  ['nothing', [], 2, 'Falta el expediente.'],
  ['help', ['--help'], 0, '--receipt CÓDIGO'],
  ['an unknown option', ['--bogus'], 2, 'No existe la opción --bogus.'],
  ['two files', ['a.json', 'b.json'], 2, '«b.json» está de más.'],
  ['a missing file', ['/nowhere/nothing-here.json'], 2, 'No existe el archivo /nowhere/'],
  ['a folder', ['/'], 2, 'es una carpeta'],
  ['a receipt without its code', ['a.json', '--receipt'], 2, 'La opción --receipt no se usa así.'],
  ['what is no receipt', ['a.json', '--receipt', 'hola'], 2, 'no es el de un comprobante'],
])('says what is the case: %s', async (_name, args, code, sentence) => {
  const said = await run(args);
  expect(said.text).toContain(sentence);
  expect(said.code).toBe(code);
});

it('a file that was cut is called incomplete', async () => {
  expect((await verify(JSON.stringify(bundle).slice(0, 2_000))).text).toContain('está incompleto');
});

describe('pictures that were deleted when their time was over', () => {
  it('stand with their certificate, and its key is named', async () => {
    const content = deleted(7);
    const { code, text } = await verify(JSON.stringify(content));
    expect(text).toContain('1 borradas, con certificado firmado');
    expect(text).toContain(content.deletions?.[0]?.publicKey);
    expect(code).toBe(0);
  });

  it.each<[string, () => Bundle]>([
    ['without a certificate', () => ({ ...bundle, evidence: {} })],
    ['with one that was changed', () => deleted(7, { at: 1 })],
    ['with one of another picture', () => deleted(7, {}, 'b'.repeat(64))],
    [
      'with one that another key is written on',
      () => deleted(7, { publicKey: certifier(new Uint8Array(32)).publicKey }),
    ],
  ])('are missing %s', async (_name, content) => {
    const { code, text } = await verify(JSON.stringify(content()));
    expect(text).toContain('falta una imagen que menciona');
    expect(code).toBe(1);
  });
});
