import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifyWebsocket from '@fastify/websocket';
import fastify, {
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { MINUTE } from '#shared/kernel/time.ts';
import { CLOSE, MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';
import { CONTENT_SECURITY_POLICY } from '#shared/wire/page-policy.ts';
import { EXIT_CODE_ITERATIONS, exitCodes } from './exam/exit-codes.ts';
import { formStore } from './exam/forms.ts';
import type { BankStore } from './exam/ports.ts';
import { signInRoutes } from './exam/sign-in.routes.ts';
import { examineeSignIn } from './exam/sign-in-examinee.ts';
import { buildList } from './fleet/builds.ts';
import { deviceRoutes } from './fleet/device.routes.ts';
import type { DeviceStore } from './fleet/device-ports.ts';
import { deviceUseCases } from './fleet/devices.ts';
import { enrolRoutes } from './fleet/enrol.routes.ts';
import type { ReleaseFiles, ReleaseStore } from './fleet/release-ports.ts';
import { releases } from './fleet/releases.ts';
import { updateRoutes } from './fleet/updates.routes.ts';
import { updates } from './fleet/updates.ts';
import { readEnrolment } from './identity/active-enrolment.ts';
import { enrolmentRoutes } from './identity/enrolment.routes.ts';
import { enrolmentPage } from './identity/enrolment.ts';
import { enrolmentStaff } from './identity/enrolment-staff.ts';
import { identitySetups } from './identity/identity-setup.ts';
import type { EnrolmentStore, PrivacyStore } from './identity/ports.ts';
import { identitySetupRoutes } from './identity/setup.routes.ts';
import type { IdentitySetupStore } from './identity/setup-ports.ts';
import { access, fromOwnPages } from './people/access.http.ts';
import type { AccessStore, Passwords } from './people/ports.ts';
import { staffSessions } from './people/staff-sessions.ts';
import { publicRoutes } from './platform/health.routes.ts';
import { answerProblem, ProblemError } from './platform/http-problems.ts';
import { DEFAULT_LIMITS, type Limits } from './platform/limits.ts';
import { pages } from './platform/pages.ts';
import type { AuditTrail, ServerClock, ServerRandom } from './platform/ports.ts';
import { problem } from './platform/problems.ts';
import type { ServerLog } from './platform/server-log.ts';
import { type App, compileSchema } from './platform/typed.ts';
import type { UnitOfWork } from './platform/unit-of-work.ts';
import { certifier } from './privacy/certificates.ts';
import { neededForClaims } from './privacy/contested.ts';
import { eraser } from './privacy/eraser.ts';
import { ownData } from './privacy/kept-data.ts';
import { privacyRoutes } from './privacy/privacy.routes.ts';
import { retentionClocks } from './privacy/retention.ts';
import { chainAudit } from './record/chain-audit.ts';
import { chainState, recordBroken } from './record/chain-state.ts';
import { entryRoutes } from './record/entries.routes.ts';
import { evidenceIntake } from './record/evidence.ts';
import { factCheck } from './record/fact-check.ts';
import { ingest } from './record/ingest.ts';
import { kioskSessions } from './record/kiosk-session.ts';
import { kioskSocketRoutes } from './record/kiosk-socket.routes.ts';
import { liveAttempts } from './record/live-attempts.ts';
import { noticeBoard } from './record/notices.ts';
import type { EntryLog, RecordStore, StillFiles } from './record/ports.ts';
import { recordFacts } from './record/record-facts.ts';
import type { RegistryStore } from './record/registry-ports.ts';
import { attemptRecords } from './room/attempt-records.ts';
import { roomHub } from './room/room-hub.ts';
import { roomSocketRoutes } from './room/room-socket.routes.ts';
import { rooms } from './room/rooms.ts';
import { staffRoutes } from './room/staff.routes.ts';
import { thumbnailRoutes } from './room/thumbnails.routes.ts';
import { thumbnails } from './room/thumbnails.ts';

/** What is stored in the database: on its own, or bound to one transaction. */
export interface Stores {
  readonly access: AccessStore;
  readonly registry: RegistryStore;
  readonly banks: BankStore;
  readonly records: RecordStore;
  readonly devices: DeviceStore;
  readonly enrolments: EnrolmentStore;
  readonly privacy: PrivacyStore;
  readonly identitySetup: IdentitySetupStore;
  readonly releases: ReleaseStore;
  readonly trail: AuditTrail;
}

/** Everything that the server needs of the machine. Chosen by `compose.ts`, or by a test. */
export interface ServerDeps extends Stores {
  /** Changes that belong together, with their audit entry. */
  readonly store: UnitOfWork<Stores>;
  readonly log: EntryLog;
  readonly stills: StillFiles;
  /** Seed of the key that signs deletion certificates, 32 bytes. */
  readonly certificateSeed: Uint8Array;
  readonly releaseFiles: ReleaseFiles;
  readonly passwords: Passwords;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly logger: FastifyBaseLogger;
  /** Folder of the built pages; null serves none. */
  readonly pagesFolder: string | null;
  readonly limits?: Partial<Limits>;
  /** Cost of a try at an exit code; only tests lower it. */
  readonly exitCodeIterations?: number;
  /** How often it is looked for pictures whose time is over; only tests change it. */
  readonly retentionSweepMs?: number;
  /** Whether a reverse proxy in front names the client's address and protocol. */
  readonly trustProxy?: boolean;
  /** Runs before the routes are declared, so that a tool can listen to them. */
  readonly beforeRoutes?: (app: App) => Promise<void>;
}

/** How often silent kiosks are looked for, ms. */
const SWEEP_MS = 2_500;

/** How often it is looked for pictures whose time is over, ms. */
const RETENTION_SWEEP_MS = 60 * MINUTE;

/** How long a stopping server waits for kiosks and dashboards to say goodbye, ms. */
const FAREWELL_MS = 1_000;

/** Methods that change nothing need no check of the page that they come from. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Builds the server without listening: routes, sockets, checks beside the ingest. `close()` waits for
 * what is queued.
 */
export const buildApp = async (deps: ServerDeps): Promise<App> => {
  const { clock, registry, records, log: entryLog } = deps;
  // pino writes an error's stack only under this name.
  const serverLog: ServerLog = (level, message, { error, ...facts } = {}) =>
    deps.logger[level](error === undefined ? facts : { ...facts, err: error }, message);
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };

  const record = recordBroken({ store: deps.store, clock, log: serverLog });
  const builds = buildList(deps);
  const attempts = liveAttempts({
    registry,
    records,
    log: entryLog,
    tampered: record,
  });
  const facts = recordFacts(serverLog);
  const hub = roomHub({ registry, attempts, judgeBuild: builds.judge, clock });
  builds.onChange(hub.redraw);
  await builds.load();
  const devices = deviceUseCases({ ...deps, attempts, builds });
  const codes = exitCodes({
    ...deps,
    iterations: deps.exitCodeIterations ?? EXIT_CODE_ITERATIONS,
  });
  const chain = chainState({ facts, record });
  const forms = formStore(deps.banks, clock);
  const audit = chainAudit({
    log: entryLog,
    attempts,
    chain,
    facts: factCheck(forms),
    serverLog,
  });
  const notices = noticeBoard({ ...deps, facts, log: serverLog });
  const intake = ingest({
    log: entryLog,
    clock,
    chain,
    attempts,
    facts,
    serverLog,
  });
  facts.listen(hub);
  facts.listen(audit);
  const sessions = staffSessions(deps);
  const kiosks = kioskSessions({
    ...deps,
    attempts,
    notices,
    ingest: intake,
    facts,
    log: serverLog,
  });
  const who = access({ store: deps.access, sessions, clock, seen: devices.seen });
  const reading = { readEnrolment: readEnrolment({ ...deps, log: serverLog }) };
  const deletion = {
    eraser: eraser({ ...deps, certificates: certifier(deps.certificateSeed) }),
    neededForClaims: neededForClaims({ ...deps, attempts }),
  };
  const retention = retentionClocks({ ...deps, ...deletion, attempts, log: serverLog });
  const small = thumbnails({ ...deps, attempts });
  const watchedRooms = rooms(registry, clock);

  const app: App = fastify({
    loggerInstance: deps.logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: deps.trustProxy ?? false,
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    // Addresses that are refused before any route is found.
    frameworkErrors: (error, request, reply) => {
      answerProblem(error, request as FastifyRequest, reply as FastifyReply);
    },
  });
  app.setValidatorCompiler(compileSchema);
  app.setSerializerCompiler(() => (value: unknown) => JSON.stringify(value));
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request, reply) =>
    answerProblem(new ProblemError(problem('not-found')), request, reply),
  );
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', 'camera=(self), microphone=(), geolocation=()');
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    const opensSocket = request.headers.upgrade !== undefined;
    if ((opensSocket || !READING.has(request.method)) && !fromOwnPages(request)) {
      throw new ProblemError(problem('forbidden', 'from a foreign page'));
    }
  });
  // A refused upgrade leaves a connection that nobody reads any more.
  app.addHook('onResponse', async (request) => {
    if (request.headers.upgrade !== undefined) request.raw.socket.destroySoon();
  });
  await app.register(fastifyHelmet, {
    // Set above, once, from the text that the desktop app uses too.
    contentSecurityPolicy: false,
    // Loopback and rooms without TLS: a browser must not remember to insist on it.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(fastifyCookie);
  await app.register(fastifyRateLimit, { global: false });
  await app.register(fastifyWebsocket, {
    options: { maxPayload: 2 * MAX_MESSAGE_BYTES, perMessageDeflate: false },
    preClose: (done) => {
      const { clients } = app.websocketServer;
      for (const client of clients) client.close(CLOSE.goingAway, 'going-away');
      // Who does not answer is not waited for.
      setTimeout(() => {
        for (const client of clients) client.terminate();
      }, FAREWELL_MS).unref();
      done();
    },
  });
  await deps.beforeRoutes?.(app);

  publicRoutes(app, { clock });
  enrolRoutes(app, { ...deps, limits });
  signInRoutes(app, {
    who,
    limits,
    attempts,
    forms,
    examinees: examineeSignIn({ ...deps, ...reading, attempts, notices, exitCodes: codes }),
  });
  entryRoutes(app, { who, attempts, ingest: intake, evidence: evidenceIntake(deps) });
  staffRoutes(app, {
    who,
    limits,
    sessions,
    rooms: watchedRooms,
    attemptRecords: attemptRecords({
      ...deps,
      ...reading,
      attempts,
      hub,
      judgeBuild: builds.judge,
    }),
  });
  enrolmentRoutes(app, {
    limits,
    enrolment: enrolmentPage({ ...deps, ...reading }),
    ownData: ownData({ ...deps, ...reading, ...deletion }),
  });
  privacyRoutes(app, {
    who,
    limits,
    enrolments: enrolmentStaff({ ...deps, ...reading, ...deletion }),
    retention,
  });
  identitySetupRoutes(app, { who, setups: identitySetups({ ...deps, attempts }) });
  thumbnailRoutes(app, { who, thumbnails: small });
  deviceRoutes(app, { who, limits, devices, builds, exitCodes: codes });
  updateRoutes(app, { who, updates: updates(deps), releases: releases(deps) });
  kioskSocketRoutes(app, { limits, kiosks, log: serverLog });
  roomSocketRoutes(app, { sessions, rooms: watchedRooms, hub, log: serverLog });
  await pages(app, deps.pagesFolder);

  const sweep = setInterval(() => {
    kiosks.sweep();
    small.sweep();
  }, SWEEP_MS).unref();
  const sweepRetention = (): Promise<void> =>
    retention
      .sweep()
      .catch((error: unknown) => serverLog('error', 'retention: sweep failed', { error }));
  let deleting: Promise<void> = Promise.resolve();
  const retain = setInterval(() => {
    deleting = deleting.then(sweepRetention);
  }, deps.retentionSweepMs ?? RETENTION_SWEEP_MS).unref();
  app.addHook('onClose', async () => {
    clearInterval(sweep);
    clearInterval(retain);
    await deleting;
    await intake.idle();
    await audit.idle();
    audit.close();
    hub.close();
  });
  audit.resume();
  // A server that is started each morning and stopped each evening deletes too.
  deleting = sweepRetention();
  return app;
};
