import type { FastifyRequest } from 'fastify';

/**
 * Whether a request may come from where it says: browsers name the page's origin, and only this
 * server's own pages and the desktop app's (`app://`) may write or open sockets. Programs name none.
 */
export const fromOwnPages = (request: FastifyRequest): boolean => {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin === undefined) return site === undefined || site === 'same-origin' || site === 'none';
  try {
    const url = new URL(origin);
    return url.protocol === 'app:' || url.host === host;
  } catch {
    return false;
  }
};
