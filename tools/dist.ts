// `npm run dist`: what is installed on the examinees' machines.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type Target, thisTarget } from '#tools/bundle/native-addons.ts';
import { commandOptions } from '#tools/command-options.ts';
import { stageApp } from '#tools/packaging/app-folder.ts';
import { electronVersion, findElectron } from '#tools/packaging/electron-folder.ts';
import {
  addedBytes,
  FILE_LIST,
  FILE_LIST_HEADER,
  stagedFiles,
} from '#tools/packaging/package-files.ts';
import { packageKiosk } from '#tools/packaging/package-kiosk.ts';
import { RELEASE_KEYS_FILE, readReleaseKeys } from '#tools/packaging/release-keys.ts';
import { askRegistry } from '#tools/third-parties/audit.ts';
import { shippedParts } from '#tools/third-parties/shipped.ts';
import { auditLines, licenceLines, refusedParts } from '#tools/third-parties.ts';

const USAGE = `npm run dist -- [opciones]

  (sin opciones)            instaladores de este sistema, x64 y arm64, en out/dist. Necesita conexión la
                            primera vez: electron-builder descarga Electron y sus herramientas
  --dir                     solo la carpeta con el programa, sin instalador. Funciona sin conexión
  --electron-dist CARPETA   Electron ya descomprimido (solo con --dir y un procesador)
  --platform SISTEMA        linux, win32 o darwin; sin ella, este sistema
  --arch PROCESADOR         x64 o arm64; sin ella, ambos (con --dir, el de este equipo)
  --release-keys ARCHIVO    claves públicas que firman las actualizaciones; sin ella, release-keys.json
  --out CARPETA             dónde dejarlo; sin ella, out/dist
  --write-file-list         nada más que escribir tools/packaging/package-files.txt, con la que compara la prueba`;

const root = join(import.meta.dirname, '..');
const stop = (text: string): never => {
  console.error(text);
  process.exit(1);
};
const { values } = commandOptions(USAGE, {
  options: {
    dir: { type: 'boolean', default: false },
    'electron-dist': { type: 'string' },
    platform: { type: 'string' },
    arch: { type: 'string' },
    'release-keys': { type: 'string' },
    out: { type: 'string', default: join(root, 'out/dist') },
    'write-file-list': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const targets = (): readonly Target[] => {
  const here = thisTarget();
  const platform = values.platform ?? here.platform;
  if (platform !== 'linux' && platform !== 'win32' && platform !== 'darwin')
    return stop(`--platform ${platform}: use linux, win32 o darwin.`);
  const arch = values.arch;
  if (arch === 'x64' || arch === 'arm64') return [{ platform, arch }];
  if (arch !== undefined) return stop(`--arch ${arch}: use x64 o arm64.`);
  return values.dir
    ? [{ platform, arch: here.arch }]
    : [
        { platform, arch: 'x64' },
        { platform, arch: 'arm64' },
      ];
};

if (values['write-file-list']) {
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-list-'));
  await stageApp(join(root, 'dist/renderer'), folder, thisTarget(), []);
  writeFileSync(FILE_LIST, `${[FILE_LIST_HEADER, ...stagedFiles(folder)].join('\n')}\n`);
  rmSync(folder, { recursive: true, force: true });
  console.log(relative('', FILE_LIST));
  process.exit(0);
}

const given = values['electron-dist'];
if (given !== undefined && !values.dir)
  stop('--electron-dist solo va con --dir: los instaladores llevan el Electron que se descarga.');
const keysFile = resolve(values['release-keys'] ?? RELEASE_KEYS_FILE);
const releaseKeys = readReleaseKeys(keysFile);
if (releaseKeys.length === 0)
  console.log(
    'Aviso: no hay claves de publicación (release-keys.json). El programa funcionará, pero no aceptará\n' +
      'actualizaciones automáticas. Para crearlas: npm run release -- keygen',
  );
if (!values.dir)
  console.log(
    `Electron ${electronVersion()} y las herramientas de los instaladores se descargan si aún no están en este equipo.`,
  );

const parts = shippedParts(root);
for (const line of licenceLines(parts)) console.log(line);
if (refusedParts(parts).length > 0) stop('No se empaqueta lo que nadie ha admitido.');
for (const line of auditLines(await askRegistry(root))) console.log(line);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
for (const target of targets()) {
  const name = `${target.platform}-${target.arch}`;
  const electron = values.dir ? findElectron(target, given) : null;
  if (electron !== null && 'missing' in electron) stop(electron.missing);
  console.log(`\n${name}: preparando…`);
  try {
    const made = await packageKiosk({
      target,
      pages: join(root, 'dist/renderer'),
      out: values.out,
      releaseKeys,
      dirOnly: values.dir,
      electronDist: electron !== null && 'folder' in electron ? electron.folder : null,
    });
    const { identity } = made;
    console.log(`${name}: ${relative('', made.folder)}`);
    console.log(`  versión ${identity.version}, compilación ${identity.hash}`);
    if (!identity.clean) console.log('  hay cambios que no están en git: no lo publique');
    console.log(`  sin los archivos propios de Electron: ${megabytes(addedBytes(made.folder))}`);
    for (const artifact of made.artifacts) console.log(`  ${relative('', artifact)}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    stop(
      `${name}: no se pudo empaquetar. ${reason}` +
        (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN/.test(reason)
          ? '\nSin conexión solo se puede hacer la carpeta: npm run dist -- --dir --electron-dist CARPETA'
          : ''),
    );
  }
}
