import { POLL_SILENCE_MS } from '#shared/wire/polled.ts';

/** Frames that the other side did not fetch; more are a connection that nobody reads. */
const MOST_UNREAD = 5_000;
/** Links at the same time of one server, all rooms together. */
const MOST_LINKS = 20_000;

/** One connection that is made of plain requests: the server's side. */
export interface PolledLink {
  /** @param text a frame as JSON. */
  send(text: string): void;
  /** Ends it after what was sent, as a socket is ended. */
  close(code: number, reason: string): void;
  /** How many frames of the other side were taken in. */
  received: number;
  readonly ended: boolean;
  /** Waits for something to say, at most `waitMs`. @returns the answer's body. */
  answer(have: number, waitMs: number): Promise<string>;
}

export interface PolledLinks {
  find(id: string): PolledLink | null;
  /** @returns null when there are too many. @param onEnd the other side is gone, or `close` was told. */
  open(id: string, onEnd: () => void): PolledLink | null;
  /** For a stopping server: waiting requests are answered. */
  close(): void;
}

/** Connections by plain requests, by their names. */
export const polledLinks = (): PolledLinks => {
  const links = new Map<string, { readonly link: PolledLink; gone(): void }>();

  const open: PolledLinks['open'] = (id, onEnd) => {
    if (links.size >= MOST_LINKS) return null;
    let unread: string[] = [];
    let read = 0;
    let closed: { code: number; reason: string } | null = null;
    let release = (): void => undefined;

    const gone = (): void => {
      clearTimeout(silence);
      if (!links.delete(id)) return;
      closed ??= { code: 1001, reason: 'going-away' };
      release();
      onEnd();
    };
    let silence = setTimeout(gone, POLL_SILENCE_MS).unref();

    const said = (): string =>
      `{"first":${read + 1},"frames":[${unread.join(',')}]${
        closed === null ? '' : `,"closed":${JSON.stringify(closed)}`
      }}`;

    const link: PolledLink = {
      received: 0,
      get ended() {
        return closed !== null;
      },
      send: (text) => {
        if (closed !== null) return;
        unread.push(text);
        if (unread.length > MOST_UNREAD) gone();
        else release();
      },
      close: (code, reason) => {
        if (closed !== null) return;
        closed = { code, reason };
        release();
        onEnd();
      },
      answer: async (have, waitMs) => {
        clearTimeout(silence);
        silence = setTimeout(gone, POLL_SILENCE_MS).unref();
        if (have > read) {
          const fetched = Math.min(unread.length, have - read);
          unread = unread.slice(fetched);
          read += fetched;
        }
        // A newer question lets the one before go: whoever asked has given it up.
        if (waitMs > 0) release();
        if (unread.length === 0 && closed === null && waitMs > 0) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, waitMs);
            release = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        }
        return said();
      },
    };
    links.set(id, { link, gone });
    return link;
  };

  return {
    open,
    find: (id) => links.get(id)?.link ?? null,
    close: () => {
      for (const { gone } of [...links.values()]) gone();
    },
  };
};
