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
import { MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';
import { CONTENT_SECURITY_POLICY } from '#shared/wire/page-policy.ts';
import { answerClientError, answerProblem, ProblemError } from './http-problems.ts';
import { fromOwnPages } from './own-pages.ts';
import { problem } from './problems.ts';
import { type App, compileSchema } from './typed.ts';

export interface HttpServerDeps {
  readonly logger: FastifyBaseLogger;
  /**
   * Whether one reverse proxy stands in front and names the client's address and protocol. What stands before that one
   * could be written by anybody and is not believed.
   */
  readonly trustProxy?: boolean;
}

/** How long a stopping server waits for kiosks and dashboards to say goodbye, ms. */
const FAREWELL_MS = 1_000;
/** A request with its whole body; a picture over a bad network takes its time, who drips bytes does not get for ever, ms. */
const REQUEST_MS = 120_000;
/** RFC 6455: the server is going down. */
const GOING_AWAY = 1001;

/** Methods that change nothing need no check of the page that they come from. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** @throws Error for a route for staff that says no right: nobody may forget to. */
const rightsAreNamed = (app: App): void => {
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    const security = (schema as { security?: readonly object[] } | undefined)?.security ?? [];
    if (!security.some((one) => 'staff' in one) || config?.right !== undefined) return;
    throw new Error(`${method} ${url} is for staff and names no right`);
  });
};

/** What every answer carries, and what is asked of every request before a route sees it. */
const guard = (app: App): void => {
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
};

const sockets = (app: App) =>
  app.register(fastifyWebsocket, {
    options: { maxPayload: 2 * MAX_MESSAGE_BYTES, perMessageDeflate: false },
    preClose: (done) => {
      const { clients } = app.websocketServer;
      for (const client of clients) client.close(GOING_AWAY, 'going-away');
      // Who does not answer is not waited for.
      setTimeout(() => {
        for (const client of clients) client.terminate();
      }, FAREWELL_MS).unref();
      done();
    },
  });

/** HTTP and WebSockets without any route: headers, cookies, limits, errors as problems. It does not listen. */
export const httpServer = async ({ logger, trustProxy }: HttpServerDeps): Promise<App> => {
  const app: App = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // Not a number of hops: Fastify believes nothing of such a proxy but the address.
    trustProxy: trustProxy ? (_address, hop) => hop === 0 : false,
    requestTimeout: REQUEST_MS,
    clientErrorHandler: answerClientError,
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
  guard(app);
  rightsAreNamed(app);
  await app.register(fastifyHelmet, {
    // Set above, once, from the text that the desktop app uses too.
    contentSecurityPolicy: false,
    // Loopback and rooms without TLS: a browser must not remember to insist on it.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(fastifyCookie);
  await app.register(fastifyRateLimit, { global: false });
  await sockets(app);
  return app;
};
