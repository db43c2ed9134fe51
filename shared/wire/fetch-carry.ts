import { type ConnectionFault, NoAnswerError } from '#shared/kernel/connection-fault.ts';
import type { Carry, Method } from './ask.ts';

/** What of `fetch` is used; pages and Node have it alike. */
type Fetch<Signal> = (
  address: string,
  init: {
    readonly method: Method;
    readonly headers: Record<string, string>;
    readonly body: string | Uint8Array<ArrayBuffer> | null;
    readonly credentials: 'omit' | 'same-origin';
    readonly cache: 'no-store';
    /** Our server sends nobody elsewhere: whoever does is a network that asks for its own sign-in. */
    readonly redirect: 'manual';
    readonly signal: Signal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

/** Carries requests by `fetch`. */
export const fetchCarry =
  <Signal>({
    fetch,
    at,
    credentials,
    timeout,
    faultOf,
  }: {
    readonly fetch: Fetch<Signal>;
    /** The whole address of a path. */
    readonly at: (path: string) => string;
    /** `same-origin` where a cookie says who asks. */
    readonly credentials: 'omit' | 'same-origin';
    /** `AbortSignal.timeout`: ends the request after so many milliseconds. */
    readonly timeout: (ms: number) => Signal;
    /** What this runtime tells of a failure of its `fetch`. */
    readonly faultOf: (failure: unknown) => ConnectionFault;
  }): Carry =>
  async ({ method, path, headers, body, timeoutMs }) => {
    try {
      const response = await fetch(at(path), {
        method,
        headers: { ...headers },
        body,
        credentials,
        cache: 'no-store',
        redirect: 'manual',
        signal: timeout(timeoutMs),
      });
      // Read here: a body that breaks off is no answer at all.
      const text = await response.text();
      return {
        status: response.status,
        text,
        retryAfter: response.headers.get('retry-after'),
        location: response.headers.get('location'),
      };
    } catch (failure) {
      throw new NoAnswerError(faultOf(failure));
    }
  };
