import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isTimeZone } from '#shared/exam/venue-time.ts';
import { check } from '#shared/kernel/schema.ts';
import { InstitutionNameSchema } from '#shared/wire/http.ts';
import { optionFault } from './platform/option-fault.ts';

const ROOT = join(import.meta.dirname, '..');

export const USAGE = `Servidor de Atalaya

  node server/main.ts [OPCIONES]               sirve hasta que se lo detenga
  node server/main.ts ORDEN [OPCIONES]         hace una cosa con los datos y termina

Órdenes; salvo la última, pueden darse junto a un servidor en marcha sobre los mismos datos:
  codes N            crea N códigos más, de un solo uso, para registrar equipos y los muestra
  access-list        da a cada examinado una clave nueva y escribe la lista en un archivo de la
                     carpeta de datos que solo este usuario puede leer
  time-zone SEDE ZONA   cambia la zona horaria de una sede, por ejemplo venue-1 Pacific/Galapagos;
                     el servidor la toma al volver a empezar
  institution NOMBRE   dice de quién son los exámenes: las pantallas de ingreso muestran ese nombre
  new-key            se perdió server.key: borra todos los registros faciales, que ya nadie puede leer

Opciones de todas:
  --data CARPETA     base de datos y evidencias                  (DATA_DIR, ./data)
  --log NIVEL        fatal, error, warn, info, debug, silent     (LOG_LEVEL, info)
  --help             esta ayuda

Opciones para servir:
  --port N           puerto en que escucha; 0, uno libre         (PORT, 8480)
  --host DIRECCIÓN   dirección en que escucha                    (HOST, 127.0.0.1)
  --pages CARPETA    las páginas compiladas                      (PAGES_DIR, ./dist/renderer)
  --trust-proxy      un proxy delante dice dirección y protocolo (TRUST_PROXY=1)
  --no-demo          deja vacía una base de datos vacía
  --show-log-ins     muestra las claves de una demostración nueva; si no, solo se escriben
                     en un archivo de la carpeta de datos que solo este usuario puede leer  (SHOW_LOG_INS=1)
  --demo-identity X  cómo verifica la identidad cada aula de una demostración nueva: by-hand, face o
                     face-with-turns; sin ella, a mano en la primera y con giros en las demás
  --demo-clip        los exámenes de una demostración nueva cuentan desde el primer momento: en un clip nadie pulsa nada

DATABASE_URL=postgres://… usa esa base de datos PostgreSQL (15 o más nueva) en lugar de un archivo SQLite en la
carpeta de datos. Evidencias, versiones y server.key se quedan en la carpeta.

La salida estándar tiene un objeto JSON por línea: de un servidor, "demo" la primera vez y luego "listening"; de una
orden, lo que hizo. El registro va a la salida de errores.`;

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
  /** Whether its log-ins are printed besides being written to a file: a service's output is a log that others read. */
  readonly showLogIns: boolean;
  readonly demoIdentity: (typeof DEMO_IDENTITIES)[number] | null;
  /** Whether the demo's exams begin to count at once: in a clip nobody presses anything. */
  readonly demoClip: boolean;
}

/** What is to be done. */
export type Order =
  | { readonly command: 'help' }
  | ({ readonly command: 'serve' } & ServeSettings)
  | { readonly command: 'codes'; readonly count: number }
  | { readonly command: 'access-list' }
  | { readonly command: 'time-zone'; readonly venueId: string; readonly timeZone: string }
  | { readonly command: 'institution'; readonly name: string }
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
        'show-log-ins': { type: 'boolean' },
        'demo-identity': { type: 'string' },
        'demo-clip': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (failure) {
    const sentence = optionFault(failure);
    if (sentence === null) throw failure;
    throw new UsageError(sentence);
  }
};

/** @throws UsageError unless `text` is a whole number of the range. */
const wholeNumber = (name: string, text: string, least: number, most: number): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new UsageError(`${name} es un número entero de ${least} a ${most}, no «${text}».`);
  return value;
};

/** How many words a command takes. */
const TAKES: Readonly<Record<string, number>> = { codes: 1, 'time-zone': 2, institution: 1 };

/** What only a server takes: a command that were given it would not do what is expected. */
const SERVING = [
  'port',
  'host',
  'pages',
  'trust-proxy',
  'no-demo',
  'show-log-ins',
  'demo-identity',
  'demo-clip',
] as const;

/**
 * Reads the command line; what it leaves out comes from the environment.
 * @param args without the program's own name.
 * @throws UsageError with a sentence about the first thing that is wrong.
 */
export const readSettings = (args: readonly string[], env: NodeJS.ProcessEnv): Settings => {
  const { values, positionals } = read(args);
  const logLevel = values.log ?? env.LOG_LEVEL ?? 'info';
  if (!LEVELS.includes(logLevel)) throw new UsageError(`--log es uno de: ${LEVELS.join(', ')}.`);
  const settings = (order: Order): Settings => ({
    order,
    dataFolder: resolve(values.data ?? env.DATA_DIR ?? join(ROOT, 'data')),
    logLevel,
    databaseUrl: env.DATABASE_URL || null,
  });
  if (values.help) return settings({ command: 'help' });

  const [command, ...rest] = positionals;
  const takes = TAKES[command ?? ''] ?? 0;
  if (rest.length > takes) throw new UsageError(`«${rest[takes]}» está de más.`);
  if (command !== undefined) {
    const stray = SERVING.find((name) => values[name] !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} es para servir, no para ${command}.`);
  }
  switch (command) {
    case 'codes':
      return settings({ command, count: wholeNumber('codes N', rest[0] ?? '', 1, MOST_CODES) });
    case 'time-zone': {
      const [venueId = '', timeZone = ''] = rest;
      if (venueId === '' || timeZone === '')
        throw new UsageError('Faltan la sede y su zona horaria.');
      if (!isTimeZone(timeZone))
        throw new UsageError(
          `No existe la zona horaria «${timeZone}»; por ejemplo: Pacific/Galapagos.`,
        );
      return settings({ command, venueId, timeZone });
    }
    case 'institution': {
      const name = (rest[0] ?? '').normalize('NFC').replaceAll(/\s+/g, ' ').trim();
      if (!check(InstitutionNameSchema, name).ok)
        throw new UsageError('Falta el nombre de la institución, de 1 a 120 caracteres.');
      return settings({ command, name });
    }
    case 'access-list':
    case 'new-key':
      return settings({ command });
    case undefined:
      break;
    default:
      throw new UsageError(
        `No existe la orden «${command}»; hay: codes, access-list, time-zone, institution, new-key.`,
      );
  }
  const identity = values['demo-identity'] ?? null;
  const demoIdentity = DEMO_IDENTITIES.find((known) => known === identity) ?? null;
  if (identity !== null && demoIdentity === null)
    throw new UsageError(`--demo-identity es uno de: ${DEMO_IDENTITIES.join(', ')}.`);
  return settings({
    command: 'serve',
    port: wholeNumber('--port', values.port ?? env.PORT ?? '8480', 0, 65_535),
    host: values.host ?? env.HOST ?? '127.0.0.1',
    pagesFolder: resolve(values.pages ?? env.PAGES_DIR ?? join(ROOT, 'dist/renderer')),
    trustProxy: values['trust-proxy'] === true || env.TRUST_PROXY === '1',
    demo: values['no-demo'] !== true,
    showLogIns: values['show-log-ins'] === true || env.SHOW_LOG_INS === '1',
    demoIdentity,
    demoClip: values['demo-clip'] === true,
  });
};
