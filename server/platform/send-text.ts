import type { WebSocket } from 'ws';

/** A reader that lets this much pile up is cut off, bytes. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;

/** Sends to a socket that is open; one that does not read what it gets is ended. */
export const sendText = (socket: WebSocket, text: string): void => {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_BACKLOG_BYTES) socket.terminate();
  else socket.send(text);
};

export const sendJson = (socket: WebSocket, message: unknown): void =>
  sendText(socket, JSON.stringify(message));
