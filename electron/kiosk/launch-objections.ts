/** Something about how the program was started that does not go with an exam. */
export interface LaunchObjection {
  readonly where: 'switch' | 'variable';
  /** As the person wrote it, without its value: `--inspect-brk`, `NODE_OPTIONS`. */
  readonly name: string;
  /** Whether the program must not start; others are only put on record. */
  readonly refuses: boolean;
}

/** The program's own switches. */
const OWN_SWITCHES = [
  'enrol',
  'restore',
  'windowed',
  'strict-launch',
  'doctor',
  // How the updater starts the version that it has just installed.
  'updated',
];

/**
 * Switches of Electron and Chromium that a deployment may need: which display system to draw on, the
 * language, scaling and graphics. Nothing of it opens, redirects, captures or weakens anything.
 */
const HARMLESS_SWITCHES = [
  'disable-gpu',
  'disable-gpu-compositing',
  'force-device-scale-factor',
  'gtk-version',
  'high-dpi-support',
  'lang',
  'ozone-platform',
  'ozone-platform-hint',
  'enable-wayland-ime',
  'wayland-text-input-version',
];

/** An old macOS passes the process serial number in this way. */
const MAC_SERIAL = /^-psn_\d+_\d+$/;

/** Variables that change what the program runs, trusts or tells. */
const REFUSED_VARIABLES = new Set([
  'ELECTRON_RUN_AS_NODE',
  'ELECTRON_NO_ASAR',
  'ELECTRON_ENABLE_LOGGING',
  'ELECTRON_LOG_FILE',
  'ELECTRON_LOG_ASAR_READS',
  'ELECTRON_ENABLE_STACK_DUMPING',
  'ELECTRON_DEBUG_NOTIFICATIONS',
  'ELECTRON_OVERRIDE_DIST_PATH',
  'ELECTRON_FORCE_IS_PACKAGED',
  'ELECTRON_DEV',
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_DEBUG',
  'NODE_DEBUG_NATIVE',
  'NODE_V8_COVERAGE',
  'NODE_REDIRECT_WARNINGS',
  'NODE_REPL_EXTERNAL_MODULE',
  'NODE_EXTRA_CA_CERTS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'NODE_USE_ENV_PROXY',
  'SSLKEYLOGFILE',
  'OPENSSL_CONF',
  'OPENSSL_MODULES',
  'V8_FLAGS',
]);

/**
 * Variables that load somebody else's code into every program, or have it trust somebody else. Some laptops
 * carry them for good reasons (a driver, a maker's audio), so they are on record and the people decide.
 */
const REPORTED_VARIABLES = new Set([
  // Read by programs that trust the system's OpenSSL, which this one does not.
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'LD_PRELOAD',
  'LD_AUDIT',
  'DYLD_INSERT_LIBRARIES',
  'DYLD_LIBRARY_PATH',
  'DYLD_FRAMEWORK_PATH',
]);

const switchesOf = (
  words: readonly string[],
  platform: NodeJS.Platform,
): readonly { readonly name: string; readonly written: string }[] => {
  const found: { name: string; written: string }[] = [];
  for (const word of words) {
    // Neither Chromium nor Node reads switches after this.
    if (word === '--') break;
    if (platform === 'darwin' && MAC_SERIAL.test(word)) continue;
    // Chromium takes one dash for two, on Windows a slash as well and capitals for small letters.
    const prefix = platform === 'win32' ? /^(--|-|\/(?=[a-z]))/i : /^(--|-)(?=[^-])/;
    if (!prefix.test(word)) continue;
    const [written = ''] = word.split('=', 1);
    found.push({ name: written.replace(prefix, '').toLowerCase(), written });
  }
  return found;
};

/**
 * What about this start does not go with an exam (bypass groups 1 and 2). Switches are an allow-list: the
 * program has a handful of its own, Chromium has some fifteen hundred, and new ones with each version.
 * @param argv as in `process.argv`: the program, then the words that it was started with.
 * @param execArgv switches of Node itself, as in `process.execArgv`.
 * @returns everything that was found, in the order of the command line and then by variable.
 */
export const launchObjections = (
  argv: readonly string[],
  execArgv: readonly string[],
  environment: Readonly<NodeJS.ProcessEnv>,
  platform: NodeJS.Platform,
): readonly LaunchObjection[] => {
  const allowed = new Set([...OWN_SWITCHES, ...HARMLESS_SWITCHES]);
  const objections: LaunchObjection[] = [];
  const add = (objection: LaunchObjection): void => {
    if (!objections.some(({ name }) => name === objection.name)) objections.push(objection);
  };
  for (const { written } of switchesOf(execArgv, platform))
    add({ where: 'switch', name: written, refuses: true });
  for (const { name, written } of switchesOf(argv.slice(1), platform))
    if (!allowed.has(name)) add({ where: 'switch', name: written, refuses: true });
  for (const [written, value] of Object.entries(environment).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    // An empty variable is one that somebody has switched off; ELECTRON_RUN_AS_NODE counts even then.
    const name = platform === 'win32' ? written.toUpperCase() : written;
    if (value === undefined || (value === '' && name !== 'ELECTRON_RUN_AS_NODE')) continue;
    if (REFUSED_VARIABLES.has(name)) add({ where: 'variable', name: written, refuses: true });
    if (REPORTED_VARIABLES.has(name)) add({ where: 'variable', name: written, refuses: false });
  }
  return objections;
};
