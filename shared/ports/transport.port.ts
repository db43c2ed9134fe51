import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { KioskToServer } from '#shared/wire/kiosk-socket.ts';

/** Requests to the central server. Never throws: no network is the problem `offline`. */
export interface ServerApi {
  /** Sends JSON (or raw bytes for evidence) and returns the parsed JSON answer, unchecked. */
  request(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    options: {
      readonly token?: string;
      readonly body?: unknown;
      readonly bytes?: Uint8Array;
      readonly mime?: string;
    },
  ): Promise<Result<unknown, Problem>>;
}

/** The live connection of the kiosk. One at a time; reconnecting is the courier's business. */
export interface LiveLink {
  /** Opens the socket. `onMessage` gets unchecked JSON (a `ServerToKiosk`, if it is right); `onClose` comes exactly once. */
  open(handlers: {
    readonly onOpen: () => void;
    readonly onMessage: (message: unknown) => void;
    readonly onClose: () => void;
  }): LiveConnection;
}

export interface LiveConnection {
  /** Sends one message; silently dropped when the connection is gone (`onClose` tells). */
  send(message: KioskToServer): void;
  close(): void;
}
