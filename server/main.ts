import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { MINUTE } from '#shared/kernel/time.ts';
import { buildApp } from './app.ts';
import { compose, composePostgres } from './compose.ts';
import {
  createDemo,
  type DemoAccess,
  type DemoOptions,
  issueEnrolmentCodes,
  reissueAccessCodes,
  renewDemoShifts,
} from './demo/demo.ts';

const USAGE = `atalaya server

  --port N           port to listen on, 0 for a free one         (PORT, 8480)
  --host ADDRESS     address to listen on                        (HOST, 127.0.0.1)
  --data FOLDER      database and evidence                       (DATA_DIR, ./data)
  --pages FOLDER     the built pages                             (PAGES_DIR, ./dist/renderer)
  --log LEVEL        fatal, error, warn, info, debug, silent     (LOG_LEVEL, info)
  --trust-proxy      a proxy in front names address and protocol (TRUST_PROXY=1)
  --no-demo          leave an empty database empty
  --demo-identity X  how every room of a new demo checks identity: by-hand, face, or
                     face-with-turns; left out, by hand in the first and with turns in the others
  --codes N          make N more one-time codes for devices and print them
  --access-list      give every examinee of the demo a new access code and write the list to a
                     file in the data folder that only this user can read
  --new-key          server.key is lost: delete all enrolments, which nobody can read any more

DATABASE_URL=postgres://… takes that PostgreSQL database (15 or newer) instead of a SQLite file in the
data folder. Evidence, releases and server.key stay in the data folder.

Standard output has one JSON object per line: "demo" on the first run (log-ins, shown once), then
"listening". The log goes to standard error.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    data: { type: 'string' },
    pages: { type: 'string' },
    log: { type: 'string' },
    'trust-proxy': { type: 'boolean', default: false },
    'no-demo': { type: 'boolean', default: false },
    'demo-identity': { type: 'string' },
    codes: { type: 'string' },
    'access-list': { type: 'boolean', default: false },
    'new-key': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

// Whatever is written is this user's alone: the database holds names and documents.
process.umask(0o077);

const { env } = process;
const root = join(import.meta.dirname, '..');
const port = Number(values.port ?? env.PORT ?? 8_480);
const host = values.host ?? env.HOST ?? '127.0.0.1';
const dataFolder = resolve(values.data ?? env.DATA_DIR ?? join(root, 'data'));
const pagesFolder = resolve(values.pages ?? env.PAGES_DIR ?? join(root, 'dist/renderer'));
const level = values.log ?? env.LOG_LEVEL ?? 'info';

const logger = pino({ level, redact: ['token', 'secret', 'password'] }, pino.destination(2));
const say = (line: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** Room for a hundred kiosks does not fit on a screen: the whole list goes to a file. */
const writeAccessList = async (list: readonly DemoAccess[]): Promise<string> => {
  const file = join(dataFolder, 'access-list.csv');
  const lines = list.map((row) =>
    [row.room, row.seat, row.document, row.name, row.accessCode].join(';'),
  );
  await writeFile(file, `aula;puesto;documento;nombre;clave\n${lines.join('\n')}\n`, {
    mode: 0o600,
  });
  return file;
};

const options = { dataFolder, pagesFolder, logger, newKey: values['new-key'] };
const { deps, demo, database } = await (env.DATABASE_URL === undefined
  ? compose(options)
  : composePostgres(options, env.DATABASE_URL));

const DEMO_IDENTITY: Readonly<Record<string, DemoOptions>> = {
  'by-hand': { identityCheck: 'by-hand' },
  face: { identityCheck: 'face', challenge: false },
  'face-with-turns': { identityCheck: 'face', challenge: true },
};
const demoIdentity = DEMO_IDENTITY[values['demo-identity'] ?? ''];
if (values['demo-identity'] !== undefined && demoIdentity === undefined) {
  console.error(`--demo-identity is one of: ${Object.keys(DEMO_IDENTITY).join(', ')}`);
  process.exit(2);
}

if (!values['no-demo']) {
  const credentials = await createDemo(demo, demoIdentity);
  if (credentials !== null) {
    say({
      event: 'demo',
      staff: credentials.staff,
      enrolmentCodes: credentials.enrolmentCodes,
      // Enough to try it; --access-list for all.
      examinees: credentials.examinees.slice(0, 12),
    });
  }
  if (await renewDemoShifts(demo)) logger.info('demo: new shifts');
}
if (values.codes !== undefined) {
  say({ event: 'codes', enrolmentCodes: await issueEnrolmentCodes(demo, Number(values.codes)) });
}
if (values['access-list']) {
  const file = await writeAccessList(await reissueAccessCodes(demo));
  say({ event: 'access-list', file });
}

const app = await buildApp({
  ...deps,
  trustProxy: values['trust-proxy'] || env.TRUST_PROXY === '1',
});
await app.listen({ port, host });

const renewal = setInterval(() => {
  renewDemoShifts(demo).catch((error: unknown) => logger.error({ err: error }, 'demo shifts'));
}, MINUTE).unref();

const addresses = app.addresses().map((address: string | AddressInfo) => {
  if (typeof address === 'string') return address;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
});
const [first = ''] = addresses;
say({
  event: 'listening',
  addresses,
  dashboard: `${first}/dashboard/`,
  kiosk: `${first}/kiosk/`,
  dataFolder,
  pid: process.pid,
});

let stopping = false;
const stop = async (signal: string): Promise<void> => {
  if (stopping) return;
  stopping = true;
  logger.info({ signal }, 'stopping');
  clearInterval(renewal);
  await app.close();
  await database.close();
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stop(signal).catch((error: unknown) => {
      logger.error({ err: error }, 'did not stop cleanly');
      process.exit(1);
    });
  });
}
