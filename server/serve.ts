import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildApp } from '#server/app.ts';
import { createDemo, type DemoOptions, renewDemoShifts } from '#server/demo/demo.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { CommandContext } from './admin-commands.ts';
import type { DEMO_IDENTITIES, ServeSettings } from './command-line.ts';
import { writePrivate } from './private-file.ts';

/** In the data folder: the log-ins of a new demo, which are stored as hashes only. */
const LOG_INS_FILE = 'log-ins.json';

/** Connections that may wait while the server is busy: after a restart a whole university comes at once. */
const BACKLOG = 4_096;

const IDENTITY: Readonly<Record<(typeof DEMO_IDENTITIES)[number], DemoOptions>> = {
  'by-hand': { identityCheck: 'by-hand' },
  face: { identityCheck: 'face', challenge: false },
  'face-with-turns': { identityCheck: 'face', challenge: true },
};

const urlOf = (address: string | AddressInfo): string => {
  if (typeof address === 'string') return address;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
};

/** Gives an empty database the demo university, and an old demo new shifts. */
const prepareDemo = async (
  { demo, deps, dataFolder, say }: CommandContext,
  { demoIdentity, demoClip, showLogIns }: ServeSettings,
): Promise<void> => {
  const credentials = await createDemo(demo, {
    ...(demoIdentity === null ? {} : IDENTITY[demoIdentity]),
    ...(demoClip ? { policy: { ...DEFAULT_POLICY, gate: null } } : {}),
  });
  if (credentials !== null) {
    const file = join(dataFolder, LOG_INS_FILE);
    await writePrivate(file, `${JSON.stringify(credentials, null, 1)}\n`);
    say({ event: 'demo', file, ...(showLogIns ? credentials : {}) });
  }
  if (await renewDemoShifts(demo)) deps.logger.info('demo: new shifts');
};

/** Serves until SIGTERM or SIGINT; says where it listens. */
export const serve = async (
  context: CommandContext & { readonly database: { close(): Promise<void> } },
  settings: ServeSettings,
): Promise<void> => {
  const { deps, demo, database, dataFolder, say } = context;
  const { logger } = deps;
  if (settings.demo) await prepareDemo(context, settings);
  const app = await buildApp({
    ...deps,
    pagesFolder: settings.pagesFolder,
    trustProxy: settings.trustProxy,
  });
  await app.listen({ port: settings.port, host: settings.host, backlog: BACKLOG });
  const renewal = setInterval(() => {
    renewDemoShifts(demo).catch((error: unknown) => logger.error({ err: error }, 'demo shifts'));
  }, MINUTE).unref();
  // Before it says that it listens: who hears that may stop it at once.
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

  const addresses = app.addresses().map(urlOf);
  const [first = ''] = addresses;
  say({
    event: 'listening',
    addresses,
    dashboard: `${first}/dashboard/`,
    kiosk: `${first}/kiosk/`,
    dataFolder,
    pid: process.pid,
  });
};
