import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { launchObjections } from '#electron/kiosk/launch-objections.ts';
import { launchWords } from '#electron/kiosk/launch-words.ts';

const EXE = '/opt/Atalaya/atalaya';
const names = (
  words: readonly string[],
  platform: NodeJS.Platform = 'linux',
  environment: NodeJS.ProcessEnv = {},
): readonly string[] =>
  launchObjections([EXE, ...words], [], environment, platform)
    .filter(({ refuses }) => refuses)
    .map(({ name }) => name);

/** Ways in that others were bypassed by, and those that Chromium has beside them. */
const FORBIDDEN = [
  '--inspect',
  '--inspect=0.0.0.0:9229',
  '--inspect-brk',
  '--inspect-brk-node',
  '--inspect-port=0',
  '--inspect-publish-uid=http',
  '--inspect-wait',
  '--debug',
  '--debug-brk',
  '--experimental-network-inspection',
  '--remote-debugging-port=9222',
  '--remote-debugging-pipe',
  '--remote-debugging-address=0.0.0.0',
  '--remote-allow-origins=*',
  '--js-flags=--expose-gc',
  '--load-extension=/tmp/x',
  '--disable-extensions-except=/tmp/x',
  '--proxy-server=10.0.0.1:8080',
  '--proxy-pac-url=http://x/p.pac',
  '--proxy-bypass-list=*',
  '--proxy-auto-detect',
  '--host-rules=MAP * 127.0.0.1',
  '--host-resolver-rules=MAP * 127.0.0.1',
  '--ignore-certificate-errors',
  '--ignore-certificate-errors-spki-list=x',
  '--allow-insecure-localhost',
  '--ssl-key-log-file=/tmp/keys',
  '--ssl-version-max=tls1.2',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--unsafely-treat-insecure-origin-as-secure=http://x',
  '--disable-site-isolation-trials',
  '--disable-features=IsolateOrigins',
  '--enable-features=X',
  '--enable-blink-features=X',
  '--no-sandbox',
  '--disable-setuid-sandbox',
  '--disable-gpu-sandbox',
  '--single-process',
  '--no-zygote',
  '--user-data-dir=/tmp/other',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--use-file-for-fake-video-capture=/tmp/me.y4m',
  '--use-file-for-fake-audio-capture=/tmp/me.wav',
  '--auto-accept-camera-and-microphone-capture',
  '--auto-select-desktop-capture-source=x',
  '--enable-usermedia-screen-capturing',
  '--enable-logging',
  '--enable-logging=file',
  '--log-file=/tmp/x',
  '--log-net-log=/tmp/net',
  '--net-log-capture-mode=Everything',
  '--v=1',
  '--vmodule=*=3',
  '--trace-startup',
  '--gpu-launcher=/tmp/x',
  '--renderer-cmd-prefix=/tmp/x',
  '--utility-cmd-prefix=/tmp/x',
  '--browser-subprocess-path=/tmp/x',
  '--password-store=basic',
  '--disable-renderer-backgrounding',
  '--force-renderer-accessibility',
  '--kiosk-printing',
  '--require=/tmp/x.js',
  '-r',
  '--import=/tmp/x.mjs',
  '--app=/tmp/other',
  '--what-comes-with-the-next-version',
] as const;

describe('switches', () => {
  test.each(FORBIDDEN)('%s', (word) => {
    const [bare] = word.split('=', 1);
    expect(names([word])).toEqual([bare]);
    expect(names(['--windowed', word])).toEqual([bare]);
    // Chromium on Windows reads capitals as small letters, and a slash as two dashes.
    expect(names([word.toUpperCase()], 'win32')).toHaveLength(1);
    expect(names([word.replace(/^--?/, '/')], 'win32')).toHaveLength(1);
  });

  test('one dash is as good as two', () => {
    expect(names(['-remote-debugging-port=9222'])).toEqual(['-remote-debugging-port']);
  });

  test.each([
    [['--enrol=ABCD-EFGH']],
    [['--restore']],
    [['--windowed', '--strict-launch']],
    [['--lang=es']],
    [['--ozone-platform=wayland', '--enable-wayland-ime']],
    [['--disable-gpu']],
    [['--force-device-scale-factor=1.25']],
    [['a-file.txt', 'atalaya://x', '/home/ana']],
    [[]],
  ])('%j passes', (words) => {
    expect(names(words)).toEqual([]);
  });

  test('what Chromium and Node no longer read is no switch', () => {
    expect(names(['--', '--inspect'])).toEqual([]);
    expect(names(['-psn_0_12345'], 'darwin')).toEqual([]);
    expect(names(['-psn_0_12345'])).toEqual(['-psn_0_12345']);
  });

  test('Node’s own switches, before the program', () => {
    expect(launchObjections([EXE], ['--inspect=0', '--require', 'x'], {}, 'linux')).toEqual([
      { where: 'switch', name: '--inspect', refuses: true },
      { where: 'switch', name: '--require', refuses: true },
    ]);
  });

  test('no switch that is not on the list passes, wherever it stands', () => {
    const own =
      /^(enrol|restore|windowed|strict-launch|doctor|updated|disable-gpu|disable-gpu-compositing|force-device-scale-factor|gtk-version|high-dpi-support|lang|ozone-platform|ozone-platform-hint|enable-wayland-ime|wayland-text-input-version)$/;
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/).filter((one) => !own.test(one));
    const plain = fc.stringMatching(/^[a-z0-9./ ]{0,12}$/);
    fc.assert(
      fc.property(name, plain, fc.array(plain), fc.array(plain), (one, value, before, after) => {
        expect(names([...before, `--${one}=${value}`, ...after])).toEqual([`--${one}`]);
      }),
    );
  });
});

describe('variables', () => {
  test.each([
    'ELECTRON_RUN_AS_NODE',
    'ELECTRON_NO_ASAR',
    'ELECTRON_ENABLE_LOGGING',
    'ELECTRON_LOG_FILE',
    'ELECTRON_LOG_ASAR_READS',
    'ELECTRON_ENABLE_STACK_DUMPING',
    'ELECTRON_DEBUG_NOTIFICATIONS',
    'NODE_OPTIONS',
    'NODE_PATH',
    'NODE_EXTRA_CA_CERTS',
    'NODE_TLS_REJECT_UNAUTHORIZED',
    'NODE_V8_COVERAGE',
    'NODE_DEBUG',
    'SSLKEYLOGFILE',
    'OPENSSL_CONF',
  ])('%s', (name) => {
    expect(names([], 'linux', { [name]: '1' })).toEqual([name]);
    // Windows does not tell capitals from small letters.
    expect(names([], 'win32', { [name.toLowerCase()]: '1' })).toEqual([name.toLowerCase()]);
    expect(names([], 'linux', { [name.toLowerCase()]: '1' })).toEqual([]);
  });

  test.each(['LD_PRELOAD', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES', 'SSL_CERT_FILE'])(
    '%s is on record',
    (name) => {
      expect(launchObjections([EXE], [], { [name]: '/x.so' }, 'linux')).toEqual([
        { where: 'variable', name, refuses: false },
      ]);
    },
  );

  test('an ordinary desktop has nothing to object to', () => {
    const desktop = {
      PATH: '/usr/bin',
      HOME: '/home/ana',
      DISPLAY: ':0',
      WAYLAND_DISPLAY: 'wayland-0',
      XDG_CURRENT_DESKTOP: 'ubuntu:GNOME',
      GTK_MODULES: 'gail:atk-bridge',
      NODE_ENV: 'production',
      HTTPS_PROXY: 'http://proxy.campus:3128',
      APPIMAGE: '/home/ana/Atalaya.AppImage',
      LD_LIBRARY_PATH: '/tmp/.mount/usr/lib',
      NODE_OPTIONS: '',
      SSLKEYLOGFILE: undefined,
    };
    expect(launchObjections([EXE], [], desktop, 'linux')).toEqual([]);
  });
});

test('the refusal names everything in one Spanish sentence each', () => {
  const found = launchObjections(
    [EXE, '--inspect', '--no-sandbox', '--inspect'],
    [],
    { NODE_OPTIONS: '--require x', LD_PRELOAD: 'x' },
    'linux',
  );
  const { title, text } = launchWords('').refusal(found);
  expect(title).toBe('Atalaya no se abrió');
  expect(text).toContain('la opción de inicio --inspect, --no-sandbox, que no se permite');
  expect(text).toContain('la variable de entorno NODE_OPTIONS, que no se permite');
  expect(text).not.toContain('LD_PRELOAD');
  expect(text).not.toContain('require x');
  expect(launchWords('en-US').refusal(found).title).toBe('Atalaya did not open');
});
