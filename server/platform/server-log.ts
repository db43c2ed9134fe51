import type { FastifyBaseLogger } from 'fastify';

/** A line for the server's log: English, no secrets. */
export type ServerLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  facts?: Readonly<Record<string, unknown>>,
) => void;

/** Writes to pino, which writes an error's stack only under the name `err`. */
export const serverLog =
  (logger: FastifyBaseLogger): ServerLog =>
  (level, message, { error, ...facts } = {}) =>
    logger[level](error === undefined ? facts : { ...facts, err: error }, message);
