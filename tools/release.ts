// `npm run release`: signs what `npm run dist` made, and gives it out in steps. Run it where the server's data is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { parseArgs } from 'node:util';
import pino from 'pino';
import { compose } from '#server/compose.ts';
import type { ReleaseTarget, StageScope } from '#server/fleet/release-ports.ts';
import { type Releases, releases } from '#server/fleet/releases.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  ArchSchema,
  PlatformSchema,
  type SignedText,
  SignedTextSchema,
} from '#shared/wire/release.ts';
import { commandOptions } from '#tools/command-options.ts';
import { RELEASE_KEYS_FILE, readReleaseKeys } from '#tools/packaging/release-keys.ts';
import {
  addRelease,
  commandLineUser,
  makeKeys,
  SIGNED_FILE,
  signPermit,
  signRelease,
} from '#tools/release-commands.ts';

const USAGE = `npm run release -- ORDEN [opciones]

Firmar (donde está la clave privada; no hace falta el servidor):
  keygen --key ARCHIVO            clave nueva; la pública va a release-keys.json, que entra en cada compilación
  sign CARPETA --key ARCHIVO      firma los instaladores de una carpeta de out/dist
  permit --key ARCHIVO --platform S --arch P --from 1.2.0,1.2.1 --to 1.1.0 --reason TEXTO [--days 14] [--out ARCHIVO]
                                  permiso firmado para volver a una versión anterior

Publicar (donde están los datos del servidor: --data CARPETA, DATA_DIR, ./data):
  add CARPETA                     recibe una versión firmada; todavía no se ofrece a nadie
  stage VERSIÓN --platform S --arch P (--all | --channel C | --venue ID | --room ID | --device ID) [--permit ARCHIVO]
  unstage --platform S --arch P (--all | --channel C | --venue ID | --room ID | --device ID)
  withdraw VERSIÓN --platform S --arch P --reason TEXTO
  list                            versiones, a quién se ofrecen y qué tiene cada equipo

S: linux, win32, darwin.  P: x64, arm64.`;

class Misuse extends Error {}

const options = {
  key: { type: 'string' },
  data: { type: 'string' },
  keys: { type: 'string' },
  out: { type: 'string' },
  platform: { type: 'string' },
  arch: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  reason: { type: 'string' },
  days: { type: 'string', default: '14' },
  permit: { type: 'string' },
  all: { type: 'boolean', default: false },
  channel: { type: 'string' },
  venue: { type: 'string' },
  room: { type: 'string' },
  device: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

const need = (value: string | undefined, name: string): string => {
  if (value === undefined || value === '') throw new Misuse(`falta ${name}`);
  return value;
};
const targetOf = (values: Values): ReleaseTarget => {
  const platform = check(PlatformSchema, values.platform);
  if (!platform.ok) throw new Misuse('--platform: linux, win32 o darwin');
  const arch = check(ArchSchema, values.arch);
  if (!arch.ok) throw new Misuse('--arch: x64 o arm64');
  return { platform: platform.value, arch: arch.value };
};
const scopeOf = (values: Values): { scope: StageScope; scopeId: string } => {
  const named = (['device', 'room', 'venue', 'channel'] as const).flatMap((scope) => {
    const scopeId = values[scope];
    return scopeId === undefined ? [] : [{ scope, scopeId }];
  });
  const all = values.all ? [{ scope: 'all' as const, scopeId: '' }] : [];
  const [one, another] = [...named, ...all];
  if (one === undefined || another !== undefined)
    throw new Misuse('indique uno: --all, --channel, --venue, --room o --device');
  return one;
};
const permitIn = (file: string | undefined): SignedText | null => {
  if (file === undefined) return null;
  const permit = check(SignedTextSchema, JSON.parse(readFileSync(file, 'utf8')));
  if (!permit.ok) throw new Error(`${file} no es un permiso de npm run release -- permit.`);
  return permit.value;
};

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
const show = async (staff: Releases): Promise<void> => {
  const overview = await staff.overview({ commandLine: commandLineUser() });
  if (!overview.ok) throw new Error(overview.error.code);
  const { releases: list, stages, devices } = overview.value;
  console.log('Versiones');
  for (const { platform, arch, version, addedAt, withdrawn } of list) {
    const state =
      withdrawn === null ? '' : `  retirada el ${day(withdrawn.at)}: ${withdrawn.reason}`;
    console.log(`  ${platform}-${arch}  ${version}  desde ${day(addedAt)}${state}`);
  }
  console.log('A quién se ofrecen');
  for (const { platform, arch, scope, scopeId, version, permit } of stages)
    console.log(
      `  ${platform}-${arch}  ${scope} ${scopeId}  ${version}${permit === null ? '' : '  (con permiso para volver atrás)'}`,
    );
  console.log('Equipos');
  for (const { name, deviceId, platform, arch, version, offered, askedAt } of devices)
    console.log(
      `  ${name} (${deviceId})  ${platform}-${arch}  tiene ${version}, se le ofrece ${offered ?? 'nada'}, preguntó ${day(askedAt)}`,
    );
};

const run = async (order: string, place: string | undefined, values: Values): Promise<void> => {
  const keysFile = resolve(values.keys ?? RELEASE_KEYS_FILE);
  const now = Date.now();
  switch (order) {
    case 'keygen': {
      const file = resolve(need(values.key, '--key'));
      const publicKey = makeKeys(file, keysFile);
      console.log(
        `Clave pública ${publicKey}, añadida a ${relative('', keysFile)}.\n` +
          `Clave privada en ${file}: guárdela fuera del repositorio y de los servidores; quien la tenga puede\n` +
          'instalar programas en todos los equipos.',
      );
      return;
    }
    case 'sign': {
      const folder = resolve(need(place, 'la carpeta'));
      const manifest = signRelease(folder, need(values.key, '--key'), now);
      const { platform, arch, version, files } = manifest;
      console.log(
        `${platform}-${arch} ${version}: ${files.length} archivos, ${SIGNED_FILE} escrito.`,
      );
      return;
    }
    case 'permit': {
      const to = need(values.to, '--to');
      const permit = signPermit(
        {
          ...targetOf(values),
          from: need(values.from, '--from').split(','),
          to,
          reason: need(values.reason, '--reason'),
          days: Number(values.days),
        },
        need(values.key, '--key'),
        now,
      );
      const file = resolve(values.out ?? `permit-${to}.json`);
      writeFileSync(file, `${JSON.stringify(permit, null, 2)}\n`);
      console.log(`Permiso escrito en ${file}.`);
      return;
    }
  }
  const dataFolder = resolve(
    values.data ?? process.env.DATA_DIR ?? join(import.meta.dirname, '../data'),
  );
  if (!existsSync(join(dataFolder, 'atalaya.sqlite')))
    throw new Error(`En ${dataFolder} no hay datos de un servidor; indique --data CARPETA.`);
  const { deps, database } = await compose({
    dataFolder,
    pagesFolder: null,
    logger: pino({ level: 'silent' }),
  });
  try {
    const who = { commandLine: commandLineUser() };
    const staff = releases(deps);
    const unwrap = <T>(result: Awaited<ReturnType<Releases['stage']>>, done: T): T => {
      if (result.ok) return done;
      throw new Error(`${result.error.code} ${result.error.detail ?? ''}`.trim());
    };
    switch (order) {
      case 'add': {
        const folder = resolve(need(place, 'la carpeta'));
        const manifest = await addRelease(
          deps.releases,
          async (release) => unwrap(await staff.add(who, release), null),
          folder,
          join(dataFolder, 'releases'),
          readReleaseKeys(keysFile),
        );
        const subject = `${manifest.platform}-${manifest.arch} ${manifest.version}`;
        console.log(`${subject} recibida; todavía no se ofrece a nadie.`);
        return;
      }
      case 'stage': {
        const version = need(place, 'la versión');
        const permit = permitIn(values.permit);
        const scope = scopeOf(values);
        const result = await staff.stage(who, { ...targetOf(values), ...scope, version, permit });
        console.log(unwrap(result, `${version}: ${scope.scope} ${scope.scopeId}`.trim()));
        return;
      }
      case 'unstage': {
        const scope = scopeOf(values);
        const command = { ...targetOf(values), ...scope, version: null, permit: null };
        console.log(unwrap(await staff.stage(who, command), 'hecho'));
        return;
      }
      case 'withdraw': {
        const version = need(place, 'la versión');
        const reason = need(values.reason, '--reason');
        const result = await staff.withdraw(who, targetOf(values), version, reason);
        console.log(unwrap(result, `${version} retirada`));
        return;
      }
      case 'list':
        // Awaited here: the database is closed behind this.
        return await show(staff);
      default:
        throw new Misuse(`no hay una orden "${order}"`);
    }
  } finally {
    await database.close();
  }
};

try {
  const { values, positionals } = commandOptions(USAGE, { options, allowPositionals: true });
  const [order, place] = positionals;
  if (order === undefined) console.log(USAGE);
  else await run(order, place, values);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof Misuse) console.error(`\n${USAGE}`);
  process.exit(1);
}
