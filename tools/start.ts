// `npm start`: the central server with its demo room, the room's dashboard and the kiosk.
// With a display it opens both; without one it prints the addresses and the server runs on.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromiumPath } from './chromium.ts';
import { type CommandLine, commandText, type DemoLine, demoText } from './start/start-words.ts';

const root = join(import.meta.dirname, '..');
const dataFolder = process.env.DATA_DIR ?? join(root, 'data');
const hasDisplay =
  process.platform !== 'linux' ||
  process.env.DISPLAY !== undefined ||
  process.env.WAYLAND_DISPLAY !== undefined;
/** How long Electron's binary may take to arrive before the browser kiosk is used instead, ms. */
const DOWNLOAD_MS = 180_000;

interface ListeningLine {
  readonly event: 'listening';
  readonly dashboard: string;
  readonly kiosk: string;
  readonly addresses: readonly string[];
}
type Line = DemoLine | ListeningLine;
const children: ChildProcess[] = [];
let enrolmentCode: string | null = null;

/** Electron's program when its binary is there. Found by its files only: asking the package would start a download. */
const electronProgram = (): string | null => {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const home = join(root, 'node_modules/electron');
  const name = existsSync(join(home, 'path.txt'))
    ? readFileSync(join(home, 'path.txt'), 'utf8').trim()
    : null;
  if (override !== undefined) {
    const file = join(
      override,
      name ?? (process.platform === 'win32' ? 'electron.exe' : 'electron'),
    );
    return existsSync(file) ? file : null;
  }
  if (name === null) return null;
  const file = join(home, 'dist', name);
  return existsSync(file) ? file : null;
};

const getElectron = (): string | null => {
  const there = electronProgram();
  if (there !== null) return there;
  console.log('Descargando Electron para el kiosco de escritorio…');
  spawnSync(process.execPath, ['node_modules/electron/install.js'], {
    cwd: root,
    stdio: 'ignore',
    timeout: DOWNLOAD_MS,
  });
  return electronProgram();
};

const open = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void => {
  const child = spawn(file, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  child.on('error', (error) => console.error(`No se pudo abrir ${file}: ${error.message}`));
  children.push(child);
};

const browserWindow = (url: string, profile: string): void => {
  try {
    const rootUser = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    open(chromiumPath(), [
      `--app=${url}`,
      `--user-data-dir=${join(dataFolder, profile)}`,
      '--no-first-run',
      '--no-default-browser-check',
      ...rootUser,
    ]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
};

const showAddresses = (line: ListeningLine): void => {
  const enrol = enrolmentCode === null ? '' : `#enrol=${enrolmentCode}`;
  console.log(`\nTablero del aula   ${line.dashboard}`);
  console.log(`Kiosco             ${line.kiosk}${enrol}`);
  console.log(`Registro facial    ${new URL('/enrolment/', line.kiosk).href}`);
  if (!hasDisplay) {
    console.log(
      '\nNo hay pantalla: abra esas direcciones en un navegador de este equipo. El servidor sigue en marcha (Ctrl+C para terminar).',
    );
    return;
  }
  browserWindow(line.dashboard, 'dashboard-profile');
  const electron = getElectron();
  if (electron === null) {
    console.log('Electron no está disponible: el kiosco se abre en una ventana de Chromium.');
    browserWindow(`${line.kiosk}${enrol}`, 'kiosk-profile');
  } else {
    const [origin = ''] = line.addresses;
    open(
      electron,
      [
        join(root, 'dist/electron/main.js'),
        '--windowed',
        `--user-data-dir=${join(dataFolder, 'kiosk')}`,
        ...(enrolmentCode === null ? [] : [`--enrol=${enrolmentCode}`]),
      ],
      { ATALAYA_SERVER: origin },
    );
  }
  console.log('\nCtrl+C para terminar.');
};

const server = spawn(
  process.execPath,
  ['server/main.ts', '--data', dataFolder, '--log', 'warn', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SHOW_LOG_INS: '1' },
  },
);
children.push(server);
let complaints = '';
server.stderr.on('data', (chunk) => {
  complaints = `${complaints}${chunk}`.slice(-4_000);
  process.stderr.write(chunk);
});
createInterface({ input: server.stdout }).on('line', (text) => {
  // `--help` is plain text.
  if (!text.startsWith('{')) return console.log(text);
  const line = JSON.parse(text) as Line | CommandLine;
  if (line.event === 'demo') {
    enrolmentCode = line.enrolmentCodes[0] ?? null;
    console.log(demoText(line));
  } else if (line.event === 'listening') showAddresses(line);
  else console.log(commandText(line));
});
server.on('close', (code) => {
  if (complaints.includes('EADDRINUSE'))
    console.error(
      '\nEl puerto está ocupado por otro programa: use otro, por ejemplo npm start -- --port 8481',
    );
  for (const child of children) child.kill();
  process.exit(code ?? 0);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
