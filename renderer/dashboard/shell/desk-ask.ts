import type { TSchema } from 'typebox';
import { ok } from '#shared/kernel/result.ts';
import { type Answer, type Ask, type AskOptions, type Carry, createAsk } from '#shared/wire/ask.ts';

/** A request that takes longer is given up as `offline`, ms. */
const REQUEST_TIMEOUT_MS = 10_000;

/** How the dashboard asks the server that served it. Each feature's `api.ts` is written over this. */
export interface Server {
  readonly ask: Ask;
  /** The whole address of a path, for what the browser itself loads. */
  at(path: string): string;
}

/**
 * @param root the address that `api/` lives under, with a slash at the end.
 * @param carry brings requests there, with the session's cookie.
 */
export const createServer = (root: URL, carry: Carry): Server => ({
  ask: createAsk(carry, REQUEST_TIMEOUT_MS),
  at: (path) => new URL(path, root).href,
});

/** A part of a path, whatever it is made of. */
export const segment = encodeURIComponent;

/** Asks for something to be done, of which nothing but the success matters. */
export const order = async (
  { ask }: Server,
  path: string,
  schema: TSchema,
  options: AskOptions,
): Answer<null> => {
  const answer = await ask(path, schema, options);
  return answer.ok ? ok(null) : answer;
};
