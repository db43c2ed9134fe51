import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerRandom } from '#server/platform/ports.ts';
import type { Secrets } from '#server/platform/secrets.ts';
import { newToken } from '#server/platform/tokens.ts';

/** Names a browser in which somebody of the staff signed in before. It opens nothing. */
const COOKIE = 'atalaya-browser';
/** A year, s. */
const KEPT_S = 365 * 24 * 3_600;
const SECRET_NAME = 'browsers';
const SECRET_BYTES = 32;

/**
 * Browsers in which staff signed in before: they are limited apart from whoever else is behind the same address, so that a
 * stranger there keeps no proctor out.
 */
export interface KnownBrowsers {
  /** @returns the browser's name; null for one that nobody signed in with, or that made its cookie up. */
  nameOf(request: FastifyRequest): Promise<string | null>;
  /** Somebody signed in with it. */
  remember(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

export const knownBrowsers = (deps: {
  readonly secrets: Secrets;
  readonly random: ServerRandom;
}): KnownBrowsers => {
  const seal = async (name: string): Promise<Buffer> => {
    const fresh = Buffer.from(deps.random.bytes(SECRET_BYTES)).toString('base64url');
    const secret = await deps.secrets.secret(SECRET_NAME, fresh);
    return createHmac('sha256', secret).update(`browser ${name}`).digest();
  };

  return {
    nameOf: async ({ cookies }) => {
      const [, name, sealed] = /^([\w-]{20,60})\.([\w-]{43})$/.exec(cookies[COOKIE] ?? '') ?? [];
      if (name === undefined || sealed === undefined) return null;
      const right = timingSafeEqual(Buffer.from(sealed, 'base64url'), await seal(name));
      return right ? name : null;
    },
    remember: async (request, reply) => {
      const name = newToken(deps.random);
      reply.setCookie(COOKIE, `${name}.${(await seal(name)).toString('base64url')}`, {
        path: '/api/staff/sign-in',
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
        maxAge: KEPT_S,
      });
    },
  };
};
