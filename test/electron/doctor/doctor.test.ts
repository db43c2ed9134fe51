import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import connection from '#assets/locales/es/connection.json' with { type: 'json' };
import { type DoctorParts, doctorOptions, runDoctor } from '#electron/doctor/doctor.ts';
import { doctorWords } from '#electron/doctor/doctor-words.ts';
import { passportTable } from '#electron/doctor/passport-table.ts';
import { COVERAGE_REASONS } from '#shared/incident/coverage.ts';
import { CONNECTION_CAUSES } from '#shared/kernel/connection-fault.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  KEY_STORE_KINDS,
  PASSPORT_RISKS,
  type Passport,
  PassportSchema,
} from '#shared/wire/passport.ts';
import { fakePassport } from '#test/support/fake/fake-passport.ts';

const spanish = doctorWords('es');

const examine = async (
  passport: Passport | null,
  args: readonly string[] = [],
  change: Partial<DoctorParts> = {},
) => {
  const lines: string[] = [];
  const parts: DoctorParts = {
    busy: async () => false,
    take: async () => passport,
    send: async () => ok('allowed'),
    server: 'https://central.example',
    setAside: null,
    ...change,
  };
  const code = await runDoctor(parts, doctorOptions(args), spanish, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
};

const failed = (blocks: boolean): Partial<Passport> => ({
  requirements: [{ id: 'display', outcome: 'failed', cause: 'several', blocks }],
});

describe('what the doctor is asked for', () => {
  test.each([
    [[], null, false],
    [['--doctor', '--json', 'a.json'], 'a.json', false],
    [['--doctor', '--json=a b.json', '--upload'], 'a b.json', true],
    [['--doctor', '--json'], '', false],
    [['--doctor', '--json', '--upload'], '', true],
    [['--doctor', '--json='], '', false],
  ] as const)('%j', (args, json, upload) => {
    expect(doctorOptions(args)).toEqual({ json, upload });
  });
});

describe('the exit code', () => {
  test.each<[string, Partial<Passport>, number]>([
    ['everything fine', {}, 0],
    ['something is not watched: no reason to worry', { coverage: {} }, 0],
    ['a warning', failed(false), 2],
    ['a risk', { risks: [{ id: 'clipboard-manager', names: ['copyq'] }] }, 2],
    ['no key store', { keyStore: 'file' }, 2],
    ['no exam can start', failed(true), 1],
    ['both', { ...failed(true), keyStore: 'file' }, 1],
  ])('%s', async (_name, change, expected) => {
    expect((await examine(fakePassport(change))).code).toBe(expected);
  });

  test('is 1 while an exam is open, and nothing is looked at', async () => {
    let looked = false;
    const { code, text } = await examine(fakePassport(), [], {
      busy: async () => true,
      take: async () => {
        looked = true;
        return fakePassport();
      },
    });
    expect([code, looked]).toEqual([1, false]);
    expect(text).toContain('Hay un examen abierto');
    expect((await examine(null)).code).toBe(1);
  });

  test('is 1 when the file has no name', async () => {
    expect((await examine(fakePassport(), ['--json'])).code).toBe(1);
  });
});

describe('a server that is not reached', () => {
  test.each(CONNECTION_CAUSES)(
    '%s: what it is, what the system says, what to look at',
    async (cause) => {
      const detail = 'connect ECONNREFUSED 10.0.0.5:443';
      const line = { id: 'server', outcome: 'failed', cause, detail, blocks: true } as const;
      const passport = fakePassport({ requirements: [line] });
      expect(check(PassportSchema, passport).ok).toBe(true);
      const { text } = await examine(passport);
      const { what, check: look } = connection.cause[cause];
      expect(text).toContain(`${what} [${detail}] ${look}`);
      const sent = await examine(fakePassport(), ['--upload'], {
        send: async () => fail({ code: 'offline', cause, detail }),
      });
      expect(sent.text).toContain(`${what} ${detail}`);
    },
  );
});

describe('the file and the upload', () => {
  test('the file holds the whole passport', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atalaya-doctor-'));
    const file = join(folder, 'pasaporte.json');
    const { code, text } = await examine(fakePassport(), ['--json', file]);
    expect([code, text.includes(file)]).toEqual([0, true]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(fakePassport());
    rmSync(folder, { recursive: true });
  });

  test('a file that cannot be written is a warning', async () => {
    const { code, text } = await examine(fakePassport(), ['--json', '/nowhere/at/all/p.json']);
    expect(code).toBe(2);
    expect(text).toContain('No se pudo escribir /nowhere/at/all/p.json');
  });

  test.each([
    ['allowed', 0, 'La institución autoriza esta versión.'],
    ['not-checked', 0, 'su lista está vacía'],
    ['unknown', 0, 'no tiene identidad'],
    ['not-allowed', 2, 'no está en la lista'],
  ] as const)('sent, and the build is %s', async (state, code, sentence) => {
    const found = await examine(fakePassport(), ['--upload'], { send: async () => ok(state) });
    expect(found.code).toBe(code);
    expect(found.text).toContain('https://central.example');
    expect(found.text).toContain(sentence);
  });

  test('not sent: why, and a warning', async () => {
    const { code, text } = await examine(fakePassport(), ['--upload'], {
      send: async () => fail({ code: 'offline' }),
    });
    expect(code).toBe(2);
    expect(text).toContain('No hay conexión con el servidor');
  });

  test('without --upload nothing is sent', async () => {
    let sent = 0;
    const send = async () => {
      sent += 1;
      return ok('allowed' as const);
    };
    await examine(fakePassport(), [], { send });
    expect(sent).toBe(0);
  });
});

describe('the table', () => {
  test('says in Spanish what was found and what mends it', async () => {
    const { text } = await examine(
      fakePassport({
        requirements: [
          { id: 'display', outcome: 'failed', cause: 'several', blocks: true },
          { id: 'clock', outcome: 'failed', cause: 'clock-skewed', blocks: false },
          { id: 'storage', outcome: 'ok', blocks: true },
          { id: 'camera', outcome: 'not-watched', blocks: true },
          { id: 'users', outcome: 'not-watched', cause: 'tool-empty', blocks: false },
          {
            id: 'peripherals',
            outcome: 'failed',
            cause: 'doubt',
            names: ['Prometheus'],
            blocks: false,
          },
        ],
        risks: [{ id: 'remote-tool', names: ['anydesk'] }],
        keyStore: 'file',
      }),
    );
    for (const part of [
      'PC-07',
      'LENOVO ThinkPad L14',
      '[MAL]',
      'Hay más de una pantalla conectada. Desconecte la segunda pantalla',
      '(impide empezar el examen)',
      '[aviso]',
      '[bien]',
      'Una herramienta del sistema respondió sin nombrar nada',
      'No se sabe si estos dispositivos son parte del equipo. Prometheus',
      'Wayland no deja ver las ventanas',
      '[Se impide]',
      'Programa de acceso remoto (anydesk)',
      'El sistema no ofrece un almacén de llaves',
      'Resultado: en este equipo no se puede empezar un examen',
    ]) {
      expect(text).toContain(part);
    }
  });

  test.each(['es', 'en'])('leaves no key untranslated in %s', (language) => {
    const words = doctorWords(language);
    const ids = PassportSchema.properties.requirements.items.properties.id;
    const all = (ids as unknown as { anyOf: { const: string }[] }).anyOf.map(({ const: id }) => id);
    for (const keyStore of KEY_STORE_KINDS) {
      const passport = fakePassport({
        keyStore,
        coverage: Object.fromEntries(
          Object.keys(fakePassport().coverage).map((kind, i) => [
            kind,
            {
              level: 'not-watched',
              reason: COVERAGE_REASONS[i % COVERAGE_REASONS.length],
            },
          ]),
        ) as Passport['coverage'],
        requirements: all
          .filter((id) => words(`kiosk:device.lines.${id}.name`) !== `device.lines.${id}.name`)
          .map(
            (id) => ({ id, outcome: 'failed', blocks: false }) as Passport['requirements'][number],
          ),
        risks: PASSPORT_RISKS.map((id) => ({ id, names: [] })),
      });
      expect(check(PassportSchema, passport).ok).toBe(true);
      const text = passportTable(passport, words).join('\n');
      expect(text).not.toMatch(/\b(doctor|risk|reason|device\.lines|keyStore|level)\.[a-z]/);
    }
    for (const id of ['key-store', 'build', 'display', 'server']) {
      expect(words(`kiosk:device.lines.${id}.name`)).not.toContain('device.lines');
    }
  });
});
