// The door of every npm command: sets up what a fresh clone lacks, then runs the command on Node 24.
// Plain JavaScript without dependencies, because it runs before anything is installed, on Node 20 or newer.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const windows = process.platform === 'win32';

const say = (text) => process.stderr.write(`atalaya: ${text}\n`);
const stop = (text) => {
  process.stderr.write(`atalaya: ${text}\n`);
  process.exit(1);
};

/** What each command needs before it can run. */
const COMMANDS = {
  start: { script: 'tools/start.ts', build: true, needs: ['browser-if-display'] },
  demo: { script: 'tools/demo.ts', build: true, needs: ['browser'] },
  test: { script: 'tools/check.ts', build: true, needs: ['browser', 'desktop', 'postgres'] },
  // Inside a run of the tests: nothing is installed under the feet of others.
  build: { script: null, build: true, needs: [], installs: false },
  bench: { script: 'test/bench/main.ts', build: true, needs: ['browser'] },
  'bench:vision': { script: 'tools/bench-vision.ts', build: false, needs: ['browser'] },
  verify: { script: 'tools/verify.ts', build: false, needs: [] },
  dist: { script: 'tools/dist.ts', build: true, needs: [] },
  release: { script: 'tools/release.ts', build: false, needs: [] },
  'third-parties': { script: 'tools/third-parties.ts', build: false, needs: [] },
};

if (Number(process.versions.node.split('.')[0]) < 20) {
  stop(
    `hace falta Node 20 o más nuevo; este es ${process.versions.node}. Node 20 or newer is needed.`,
  );
}
const [name, ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined)
  stop(`unknown command "${name}"; one of: ${Object.keys(COMMANDS).join(', ')}`);

const run = (file, parameters, options = {}) =>
  spawnSync(file, parameters, { cwd: root, stdio: 'inherit', shell: windows, ...options });

const hashOf = (...files) => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
};

/** Installs the locked dependencies unless the same lock file was installed before. */
const installDependencies = () => {
  const stamp = join(modules, '.atalaya-installed');
  const wanted = hashOf(join(root, 'package-lock.json'), join(root, 'package.json'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('instalando dependencias (npm ci), una vez, uno o dos minutos…');
  // The engines of single packages are met by the Node 24 that comes along, not by the system's.
  const result = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    env: { ...process.env, npm_config_engine_strict: 'false' },
  });
  if (result.status !== 0)
    stop('npm ci falló: revise la conexión con el registro de npm y vuelva a intentar.');
  writeFileSync(stamp, wanted);
};

/** The Node 24 that the product runs on: from the npm package `node`, or the system's if it is new enough. */
const findNode = () => {
  const shipped = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');
  const works = (file) => {
    const result = spawnSync(file, ['-v'], { encoding: 'utf8' });
    return result.status === 0 && Number(/^v(\d+)/.exec(result.stdout)?.[1] ?? 0) >= 24;
  };
  if (existsSync(shipped) && works(shipped)) return shipped;
  if (works(process.execPath)) return process.execPath;
  // Some npm settings forbid install scripts; then the package is there without its binary.
  say('preparando Node 24…');
  run('npm', ['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts']);
  if (existsSync(shipped) && works(shipped)) return shipped;
  return stop(
    'no se pudo obtener Node 24 del paquete npm "node"; instale Node 24 y vuelva a intentar.',
  );
};

const newest = (path) => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(
    stat.mtimeMs,
    ...readdirSync(path)
      .filter((entry) => entry !== 'node_modules' && entry !== 'generated')
      .map((entry) => newest(join(path, entry))),
  );
};

/** Prepares the models and builds both pages and the Electron bundle when their sources changed. */
const build = (node) => {
  const step = (title, parameters) => {
    say(title);
    // Whoever asks: a test runner's own setting would put the libraries' development code into the product.
    const env = { ...process.env, NODE_ENV: 'production' };
    if (run(node, parameters, { shell: false, env }).status !== 0)
      stop(`${title} falló (node ${parameters.join(' ')}).`);
  };
  step('preparando los modelos de visión…', ['tools/bundle/prepare-vision.ts']);
  step('reuniendo los avisos de terceros…', ['tools/bundle/write-notices.ts']);
  const stamp = join(root, 'dist', '.built');
  const sources = [
    'renderer',
    'electron',
    'shared',
    'assets',
    'vite.config.ts',
    'package-lock.json',
    'tools/bundle/build-electron.ts',
    'tools/bundle/prepare-vision.ts',
    'tools/bundle/offline-start-plugin.ts',
    'tools/bundle/compress-plugin.ts',
    'tools/bundle/electron-bundle.ts',
    'tools/bundle/native-addons.ts',
    'tools/bundle/write-notices.ts',
    'tools/bundle/known-parts.ts',
    'tools/third-parties',
  ];
  const changed = Math.max(...sources.map((source) => newest(join(root, source))));
  if (existsSync(stamp) && statSync(stamp).mtimeMs > changed) return;
  step('compilando las pantallas…', [
    join('node_modules', 'vite', 'bin', 'vite.js'),
    'build',
    '--logLevel',
    'warn',
  ]);
  step('compilando el kiosco de escritorio…', ['tools/bundle/build-electron.ts']);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, new Date().toISOString());
};

const found = (file) =>
  spawnSync(windows ? 'where' : 'which', [file], { stdio: 'ignore' }).status === 0;

const browserThere = () =>
  (process.env.CHROMIUM_PATH && existsSync(process.env.CHROMIUM_PATH)) ||
  ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'].some(
    found,
  ) ||
  [
    'C:/Program Files/Google/Chrome/Application/chrome.exe',
    'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
    '/Applications/Google Chrome.app',
    '/Applications/Chromium.app',
  ].some(existsSync) ||
  pointToPlaywrightBrowser();

/** Tells the command that follows where it is. */
const pointToPlaywrightBrowser = () => {
  const file = playwrightBrowser();
  if (file !== null) process.env.CHROMIUM_PATH = file;
  return file !== null;
};

/** Playwright's own browser, if it was downloaded before; null otherwise. */
const playwrightBrowser = () => {
  const found = spawnSync(
    findNode(),
    ['-p', 'require("@playwright/test").chromium.executablePath()'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  ).stdout.trim();
  return found !== '' && existsSync(found) ? found : null;
};

const asRoot = () =>
  typeof process.getuid === 'function' && process.getuid() === 0
    ? []
    : found('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
      ? ['sudo', '-n']
      : null;

/** Installs Debian packages where that is possible without asking anybody. */
const apt = (packages) => {
  const prefix = asRoot();
  if (prefix === null || !found('apt-get')) return false;
  say(`instalando paquetes del sistema: ${packages.join(' ')}…`);
  const aptRun = (parameters) => {
    const [file, ...rest] = [...prefix, 'apt-get', ...parameters];
    return (
      run(file, rest, {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        stdio: ['ignore', 'ignore', 'inherit'],
      }).status === 0
    );
  };
  aptRun(['-qq', 'update']);
  return aptRun(['-qq', 'install', '-y', '--no-install-recommends', ...packages]);
};

const needBrowser = (node) => {
  if (browserThere()) return true;
  say('no hay Chromium; buscando uno…');
  if (apt(['chromium', 'fonts-liberation']) && browserThere()) return true;
  run(node, [join('node_modules', '@playwright', 'test', 'cli.js'), 'install', 'chromium'], {
    shell: false,
  });
  return browserThere();
};

/** The Chromium without windows: the pages' own tests take a third less with it, and do without. */
const wantWindowlessBrowser = () => {
  if (process.env.CHROMIUM_PATH || process.platform !== 'linux') return;
  if (found('chromium-headless-shell') || found('chrome-headless-shell')) return;
  if (!apt(['chromium-headless-shell']))
    say('falta chromium-headless-shell: las pruebas de pantallas van con Chromium y tardan más.');
};

/** An X server with a window manager and real keys, for the tests of the desktop kiosk. */
const DESKTOP = {
  Xorg: 'xserver-xorg-core xserver-xorg-video-dummy',
  openbox: 'openbox',
  xdotool: 'xdotool',
  xmessage: 'x11-utils',
  xrandr: 'x11-xserver-utils',
  xclip: 'xclip',
};
const needDesktop = () => {
  if (process.platform !== 'linux') return;
  const missing = Object.keys(DESKTOP).filter(
    (tool) => !found(tool) && !existsSync(`/usr/lib/xorg/${tool}`),
  );
  if (missing.length === 0) return;
  const packages = missing.flatMap((tool) => DESKTOP[tool].split(' '));
  if (!apt(packages))
    say(
      `faltan para las pruebas de escritorio: ${packages.join(' ')} (instálelos con el gestor de paquetes).`,
    );
};

/** A real PostgreSQL for the tests of the stores, which start their own one from its programs. */
const needPostgres = () => {
  if (process.platform !== 'linux') return;
  const folder = '/usr/lib/postgresql';
  const there = () =>
    existsSync(folder) &&
    readdirSync(folder).some((version) => existsSync(join(folder, version, 'bin', 'initdb')));
  if (there() || (apt(['postgresql']) && there())) return;
  say('falta el paquete postgresql: las pruebas de los almacenes usan PGlite en su lugar.');
};

if (command.installs !== false) installDependencies();
const node = findNode();
if (command.build) build(node);
const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
if (
  command.needs.includes('browser') ||
  (command.needs.includes('browser-if-display') && display)
) {
  if (!needBrowser(node) && command.needs.includes('browser')) {
    stop(
      'no se encontró ni se pudo instalar un Chromium. Instale Chromium o Chrome, o indique su ruta en CHROMIUM_PATH.',
    );
  }
}
if (command.needs.includes('desktop')) {
  wantWindowlessBrowser();
  needDesktop();
}
if (command.needs.includes('postgres')) needPostgres();

if (command.script === null) process.exit(0);
const script = join(root, command.script);
if (!existsSync(script)) stop(`falta ${relative(root, script)}`);
const child = spawnSync(node, [script, ...args], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${dirname(node)}${windows ? ';' : ':'}${join(modules, '.bin')}${windows ? ';' : ':'}${process.env.PATH}`,
  },
});
process.exit(child.status ?? (child.signal === 'SIGINT' ? 130 : 1));
