import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './window-table.ts';

/** The few questions of the X11 protocol that tell which windows there are. It changes nothing on the display. */
export interface XClient {
  readonly root: number;
  /** Children from the lowest to the topmost, and the parent. */
  tree(window: number): Promise<{ readonly parent: number; readonly children: readonly number[] }>;
  attributes(window: number): Promise<{
    readonly viewable: boolean;
    readonly overrideRedirect: boolean;
    readonly inputOnly: boolean;
  }>;
  geometry(window: number): Promise<Place>;
  /** A property's value as the program wrote it; empty when there is none. At most 16 kB. */
  property(window: number, name: string): Promise<Buffer>;
  /** Process that made the window, as the X server knows it from its socket; null for one from another machine. */
  pidOf(window: number): Promise<number | null>;
  /** Names of atoms. */
  atomName(atom: number): Promise<string>;
  close(): void;
}

export interface XClientOptions {
  /** As in DISPLAY: `:1` or `:1.0`. Only this machine's displays. */
  readonly display: string;
  /** The file with the display's key; by default the user's own. */
  readonly authority?: string;
  /** Called when windows of the root come, go or change places. */
  readonly onChange?: () => void;
  /** Called when the display goes away. */
  readonly onEnd?: () => void;
}

const SETUP_MS = 3_000;
const ANY_TYPE = 0;
const LONGEST_PROPERTY = 4_096;
const SUBSTRUCTURE_NOTIFY = 1 << 19;
const CW_EVENT_MASK = 1 << 11;
const IS_VIEWABLE = 2;
const INPUT_ONLY = 2;
/** Circulate, configure, map, reparent, unmap. */
const CHANGES = new Set([18, 19, 21, 22, 26]);

const padded = (length: number): number => (length + 3) & ~3;

/**
 * The key of a local display in an `.Xauthority` file.
 * @returns null when the file holds none for it.
 */
const cookieFor = (file: Buffer, display: string): Buffer | null => {
  let at = 0;
  const block = (): Buffer => {
    const length = file.readUInt16BE(at);
    const value = file.subarray(at + 2, at + 2 + length);
    at += 2 + length;
    return value;
  };
  let fallback: Buffer | null = null;
  while (at + 10 <= file.length) {
    const family = file.readUInt16BE(at);
    at += 2;
    block();
    const number = block().toString('latin1');
    const name = block().toString('latin1');
    const data = block();
    if (name !== 'MIT-MAGIC-COOKIE-1') continue;
    // 256 is this machine, 65535 any.
    if (number === display && (family === 256 || family === 65_535)) return data;
    if (number === display || number === '') fallback ??= data;
  }
  return fallback;
};

const readAuthority = (file: string, display: string): Buffer | null => {
  try {
    return cookieFor(readFileSync(file), display);
  } catch {
    // No key: the display may let its own user in without one.
    return null;
  }
};

const setupRequest = (cookie: Buffer | null): Buffer => {
  const name = Buffer.from(cookie === null ? '' : 'MIT-MAGIC-COOKIE-1', 'latin1');
  const data = cookie ?? Buffer.alloc(0);
  const request = Buffer.alloc(12 + padded(name.length) + padded(data.length));
  request.write('l', 0, 'latin1');
  request.writeUInt16LE(11, 2);
  request.writeUInt16LE(name.length, 6);
  request.writeUInt16LE(data.length, 8);
  name.copy(request, 12);
  data.copy(request, 12 + padded(name.length));
  return request;
};

/** Number of the first screen's root window in the server's greeting. */
const rootIn = (greeting: Buffer): number => {
  const vendor = greeting.readUInt16LE(24);
  const formats = greeting.readUInt8(29);
  return greeting.readUInt32LE(40 + padded(vendor) + formats * 8);
};

interface Waiting {
  readonly resolve: (reply: Buffer) => void;
  readonly reject: (error: Error) => void;
}

const greet = (socket: Socket, cookie: Buffer | null): Promise<{ root: number; rest: Buffer }> =>
  new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const refuse = (why: string) => reject(new Error(`X display: ${why}`));
    const timer = setTimeout(() => refuse('no greeting'), SETUP_MS);
    socket.on('error', (error) => refuse(error.message));
    socket.on('close', () => refuse('closed'));
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 8) return;
      const length = 8 + bytes.readUInt16LE(6) * 4;
      if (bytes.length < length) return;
      clearTimeout(timer);
      socket.removeAllListeners();
      if (bytes[0] === 1) resolve({ root: rootIn(bytes), rest: bytes.subarray(length) });
      else refuse(bytes.toString('latin1', 8, 8 + (bytes[1] ?? 0)));
    });
    socket.write(setupRequest(cookie));
  });

/**
 * Connects to a display of this machine.
 * @throws Error when there is none or it refuses.
 */
export const openX = async (options: XClientOptions): Promise<XClient> => {
  const number = /^(?:unix\/?)?:(\d+)(?:\.\d+)?$/.exec(options.display)?.[1];
  if (number === undefined) throw new Error('X display: not on this machine');
  const authority = options.authority ?? join(homedir(), '.Xauthority');
  const socket = connect(`/tmp/.X11-unix/X${number}`);
  let greeting: { root: number; rest: Buffer };
  try {
    greeting = await greet(socket, readAuthority(authority, number));
  } catch (error) {
    socket.destroy();
    throw error;
  }
  const { root } = greeting;
  const waiting = new Map<number, Waiting>();
  const atoms = new Map<string, Promise<number>>();
  const names = new Map<number, Promise<string>>();
  let sequence = 0;
  let bytes = greeting.rest;

  const end = (): void => {
    for (const { reject } of waiting.values()) reject(new Error('X display: closed'));
    waiting.clear();
  };

  const take = (): void => {
    while (bytes.length >= 32) {
      const type = bytes.readUInt8(0);
      const length = type === 1 || type === 35 ? 32 + bytes.readUInt32LE(4) * 4 : 32;
      if (bytes.length < length) return;
      const message = bytes.subarray(0, length);
      bytes = bytes.subarray(length);
      if (type > 1) {
        if (CHANGES.has(type & 0x7f)) options.onChange?.();
        continue;
      }
      const asked = message.readUInt16LE(2);
      const waiter = waiting.get(asked);
      waiting.delete(asked);
      // A window that closed between two questions is no fault.
      if (type === 0) waiter?.reject(new Error(`X error ${message.readUInt8(1)}`));
      else waiter?.resolve(message);
    }
  };
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    take();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    end();
    options.onEnd?.();
  });
  take();

  const send = (opcode: number, detail: number, body: Buffer): number => {
    const request = Buffer.alloc(4 + padded(body.length));
    request.writeUInt8(opcode, 0);
    request.writeUInt8(detail, 1);
    request.writeUInt16LE(request.length / 4, 2);
    body.copy(request, 4);
    sequence = (sequence + 1) & 0xffff;
    socket.write(request);
    return sequence;
  };

  const ask = (opcode: number, detail: number, body: Buffer): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) reject(new Error('X display: closed'));
      else waiting.set(send(opcode, detail, body), { resolve, reject });
    });

  const words = (...values: readonly number[]): Buffer => {
    const body = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => {
      body.writeUInt32LE(value >>> 0, i * 4);
    });
    return body;
  };
  const named = (name: string): Buffer => {
    const text = Buffer.from(name, 'latin1');
    const head = Buffer.alloc(4);
    head.writeUInt16LE(text.length, 0);
    return Buffer.concat([head, text]);
  };

  const atom = (name: string): Promise<number> => {
    const known = atoms.get(name) ?? ask(16, 0, named(name)).then((reply) => reply.readUInt32LE(8));
    atoms.set(name, known);
    return known;
  };
  /** Opcode of X-Resource 1.2, which knows the process behind a window; null where there is none. */
  const resources: Promise<number | null> = ask(98, 0, named('X-Resource')).then(
    (reply) => (reply.readUInt8(8) === 1 ? reply.readUInt8(9) : null),
    () => null,
  );

  send(2, 0, words(root, CW_EVENT_MASK, SUBSTRUCTURE_NOTIFY));

  return {
    root,
    tree: async (window) => {
      const reply = await ask(15, 0, words(window));
      const count = reply.readUInt16LE(16);
      return {
        parent: reply.readUInt32LE(12),
        children: Array.from({ length: count }, (_, i) => reply.readUInt32LE(32 + i * 4)),
      };
    },
    attributes: async (window) => {
      const reply = await ask(3, 0, words(window));
      return {
        viewable: reply.readUInt8(26) === IS_VIEWABLE,
        overrideRedirect: reply.readUInt8(27) === 1,
        inputOnly: reply.readUInt16LE(12) === INPUT_ONLY,
      };
    },
    geometry: async (window) => {
      const [own, place] = await Promise.all([
        ask(14, 0, words(window)),
        ask(40, 0, words(window, root, 0)),
      ]);
      return {
        x: place.readInt16LE(12),
        y: place.readInt16LE(14),
        width: own.readUInt16LE(16),
        height: own.readUInt16LE(18),
      };
    },
    property: async (window, name) => {
      const body = words(window, await atom(name), ANY_TYPE, 0, LONGEST_PROPERTY);
      const reply = await ask(20, 0, body);
      const bytesPerItem = reply.readUInt8(1) / 8;
      return reply.subarray(32, 32 + reply.readUInt32LE(16) * bytesPerItem);
    },
    pidOf: async (window) => {
      const opcode = await resources;
      if (opcode === null) return null;
      // One question about one client: its process (mask 2).
      const reply = await ask(opcode, 4, words(1, window, 2));
      if (reply.readUInt32LE(8) === 0 || reply.readUInt32LE(40) < 4) return null;
      return reply.readUInt32LE(44);
    },
    atomName: (number) => {
      const known =
        names.get(number) ??
        ask(17, 0, words(number)).then((reply) =>
          reply.toString('latin1', 32, 32 + reply.readUInt16LE(8)),
        );
      names.set(number, known);
      return known;
    },
    close: () => {
      socket.removeAllListeners('close');
      socket.destroy();
      end();
    },
  };
};
