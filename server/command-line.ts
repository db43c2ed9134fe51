import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');

export const USAGE = `atalaya server

  node server/main.ts [OPTIONS]                serves until it is stopped
  node server/main.ts COMMAND [OPTIONS]        does one thing to the data and ends

Commands, which a running server on the same data does not mind but for the last:
  codes N            make N more one-time codes for devices and print them
  access-list        give every examinee a new access code and write the list to a file in the
                     data folder that only this user can read
  new-key            server.key is lost: delete all enrolments, which nobody can read any more

Options of all:
  --data FOLDER      database and evidence                       (DATA_DIR, ./data)
  --log LEVEL        fatal, error, warn, info, debug, silent     (LOG_LEVEL, info)

Options of serving:
  --port N           port to listen on, 0 for a free one         (PORT, 8480)
  --host ADDRESS     address to listen on                        (HOST, 127.0.0.1)
  --pages FOLDER     the built pages                             (PAGES_DIR, ./dist/renderer)
  --trust-proxy      a proxy in front names address and protocol (TRUST_PROXY=1)
  --no-demo          leave an empty database empty
  --demo-identity X  how every room of a new demo checks identity: by-hand, face, or
                     face-with-turns; left out, by hand in the first and with turns in the others

DATABASE_URL=postgres://… takes that PostgreSQL database (15 or newer) instead of a SQLite file in the
data folder. Evidence, releases and server.key stay in the data folder.

Standard output has one JSON object per line: of a server "demo" on the first run (log-ins, shown once), then
"listening"; of a command what it made. The log goes to standard error.`;

/** How many codes one call makes at most: as many as the largest campus has machines. */
const MOST_CODES = 5_000;

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];
export const DEMO_IDENTITIES = ['by-hand', 'face', 'face-with-turns'] as const;

/** A command line that cannot be meant; its message says what would be right. */
export class UsageError extends Error {}

export interface ServeSettings {
  readonly port: number;
  readonly host: string;
  readonly pagesFolder: string;
  readonly trustProxy: boolean;
  /** Whether an empty database gets the demo university. */
  readonly demo: boolean;
  readonly demoIdentity: (typeof DEMO_IDENTITIES)[number] | null;
}

/** What is to be done. */
export type Order =
  | { readonly command: 'help' }
  | ({ readonly command: 'serve' } & ServeSettings)
  | { readonly command: 'codes'; readonly count: number }
  | { readonly command: 'access-list' }
  | { readonly command: 'new-key' };

export interface Settings {
  readonly order: Order;
  readonly dataFolder: string;
  readonly logLevel: string;
  /** PostgreSQL instead of a file; null for the file. */
  readonly databaseUrl: string | null;
}

const read = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        pages: { type: 'string' },
        log: { type: 'string' },
        'trust-proxy': { type: 'boolean' },
        'no-demo': { type: 'boolean' },
        'demo-identity': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (failure) {
    throw new UsageError(failure instanceof Error ? failure.message : String(failure));
  }
};

/** @throws UsageError unless `text` is a whole number of the range. */
const wholeNumber = (name: string, text: string, least: number, most: number): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new UsageError(`${name} is a whole number from ${least} to ${most}, not "${text}"`);
  return value;
};

/** What only a server takes: a command that were given it would not do what is expected. */
const SERVING = ['port', 'host', 'pages', 'trust-proxy', 'no-demo', 'demo-identity'] as const;

/**
 * Reads the command line; what it leaves out comes from the environment.
 * @param args without the program's own name.
 * @throws UsageError with a sentence about the first thing that is wrong.
 */
export const readSettings = (args: readonly string[], env: NodeJS.ProcessEnv): Settings => {
  const { values, positionals } = read(args);
  const logLevel = values.log ?? env.LOG_LEVEL ?? 'info';
  if (!LEVELS.includes(logLevel)) throw new UsageError(`--log is one of: ${LEVELS.join(', ')}`);
  const settings = (order: Order): Settings => ({
    order,
    dataFolder: resolve(values.data ?? env.DATA_DIR ?? join(ROOT, 'data')),
    logLevel,
    databaseUrl: env.DATABASE_URL || null,
  });
  if (values.help) return settings({ command: 'help' });

  const [command, ...rest] = positionals;
  const takes = command === 'codes' ? 1 : 0;
  if (rest.length > takes) throw new UsageError(`"${rest[takes]}" is too much`);
  if (command !== undefined) {
    const stray = SERVING.find((name) => values[name] !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} is for serving, not for ${command}`);
  }
  switch (command) {
    case 'codes':
      return settings({ command, count: wholeNumber('codes N', rest[0] ?? '', 1, MOST_CODES) });
    case 'access-list':
    case 'new-key':
      return settings({ command });
    case undefined:
      break;
    default:
      throw new UsageError(`no command "${command}"; there are: codes, access-list, new-key`);
  }
  const identity = values['demo-identity'] ?? null;
  const demoIdentity = DEMO_IDENTITIES.find((known) => known === identity) ?? null;
  if (identity !== null && demoIdentity === null)
    throw new UsageError(`--demo-identity is one of: ${DEMO_IDENTITIES.join(', ')}`);
  return settings({
    command: 'serve',
    port: wholeNumber('--port', values.port ?? env.PORT ?? '8480', 0, 65_535),
    host: values.host ?? env.HOST ?? '127.0.0.1',
    pagesFolder: resolve(values.pages ?? env.PAGES_DIR ?? join(ROOT, 'dist/renderer')),
    trustProxy: values['trust-proxy'] === true || env.TRUST_PROXY === '1',
    demo: values['no-demo'] !== true,
    demoIdentity,
  });
};
