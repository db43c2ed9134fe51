import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { CDPSession } from '@playwright/test';

/** One session of the DevTools protocol, typed like Playwright's. */
export interface Cdp {
  readonly send: CDPSession['send'];
  readonly on: CDPSession['on'];
}

interface Incoming {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

interface Pending {
  method: string;
  resolve(value: never): void;
  reject(error: Error): void;
}

/**
 * The DevTools protocol over Chromium's pipe. A pipe rather than a socket, because Chromium ends by
 * itself as soon as the pipe closes: a main process killed with -9 leaves no browser behind.
 */
export class CdpConnection {
  private readonly output: Writable;
  private readonly pending = new Map<number, Pending>();
  private readonly emitters = new Map<string, EventEmitter>();
  private lastId = 0;
  private parts: Buffer[] = [];

  /**
   * @param output where commands are written.
   * @param input where Chromium answers.
   */
  constructor(output: Writable, input: Readable) {
    this.output = output;
    input.on('data', (chunk: Buffer) => this.read(chunk));
    input.on('close', () => this.fail());
    // Writing to a browser that has just ended fails; its exit is handled where it is watched.
    output.on('error', () => this.fail());
  }

  /** @param sessionId absent for the browser itself. */
  session(sessionId?: string): Cdp {
    const emitter = this.emitterOf(sessionId);
    const send: CDPSession['send'] = (method, params) =>
      new Promise((resolve, reject) => {
        this.lastId += 1;
        this.pending.set(this.lastId, { method, resolve, reject });
        const message = { id: this.lastId, method, params: params ?? {}, sessionId };
        this.output.write(`${JSON.stringify(message)}\0`);
      });
    const on = (event: string, listener: (payload: never) => void) =>
      emitter.on(event, listener as (payload: unknown) => void);
    return { send, on: on as unknown as CDPSession['on'] };
  }

  private emitterOf(sessionId = ''): EventEmitter {
    const known = this.emitters.get(sessionId);
    if (known) return known;
    const made = new EventEmitter();
    this.emitters.set(sessionId, made);
    return made;
  }

  private read(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const text = Buffer.concat([...this.parts, rest.subarray(0, end)]).toString('utf8');
      this.parts = [];
      rest = rest.subarray(end + 1);
      this.handle(JSON.parse(text) as Incoming);
    }
    if (rest.length > 0) this.parts.push(rest);
  }

  private handle(message: Incoming): void {
    if (message.id === undefined) {
      if (message.method) this.emitterOf(message.sessionId).emit(message.method, message.params);
      return;
    }
    const waiting = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (!waiting) return;
    if (message.error) waiting.reject(new Error(`${waiting.method}: ${message.error.message}`));
    else waiting.resolve(message.result as never);
  }

  private fail(): void {
    for (const { method, reject } of this.pending.values()) {
      reject(new Error(`${method}: Chromium has ended`));
    }
    this.pending.clear();
  }
}
