import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';

const LITTLE_BYTES = 256 * 1024;
/** How often it is looked whether a reader took what was sent, ms. */
const DRAIN_CHECK_MS = 20;
/** A reader that lets this much pile up is cut off, bytes. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;

/** Sends to a socket that is open; one that does not read what it gets is ended. */
export const sendText = (socket: WebSocket, text: string): void => {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_BACKLOG_BYTES) socket.terminate();
  else socket.send(text);
};

/** Resolves when little of what was sent still waits in memory, or the socket is closed. */
export const drained = async (socket: WebSocket): Promise<void> => {
  while (socket.readyState === socket.OPEN && socket.bufferedAmount > LITTLE_BYTES) {
    await sleep(DRAIN_CHECK_MS);
  }
};

export const sendJson = (socket: WebSocket, message: unknown): void =>
  sendText(socket, JSON.stringify(message));
