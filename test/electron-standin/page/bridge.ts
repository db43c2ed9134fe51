/** One end of the bridge between the page's world and the preload's world. */
export interface Bridge {
  /** Hands an API over under a name; its functions run on this side when called on the other. */
  offer(name: string, api: unknown): void;
}

/**
 * The bridge of both worlds; each gets its source text, so it may use nothing from outside of
 * itself. A CustomEvent crosses worlds at once and its `detail` is cloned on the way; functions and
 * promises cannot be cloned, so numbers stand for them, and each side keeps a table.
 *
 * This shows that the wiring works. It does not show isolation: a page that guessed the random
 * event name could listen in, which Electron's own bridge does not allow.
 *
 * @param eventName a name that only the two ends know.
 * @param side which end this is.
 * @param onOffer called with what the other end hands over.
 */
export function createBridge(
  eventName: string,
  side: 'page' | 'preload',
  onOffer: (name: string, api: unknown) => void,
): Bridge {
  type Callable = (...args: unknown[]) => unknown;
  interface Message {
    kind: 'offer' | 'call' | 'return' | 'settle';
    id: number;
    name?: string;
    value?: unknown;
    failed?: boolean;
  }
  const incoming = `${eventName}-${side}`;
  const outgoing = `${eventName}-${side === 'page' ? 'preload' : 'page'}`;
  const functions: Callable[] = [];
  const numbers = new WeakMap<Callable, number>();
  const mirrors = new Map<number, Callable>();
  const promises = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const returned = new Map<number, Message>();
  let lastCall = 0;
  let lastPromise = 0;

  const post = (message: Message): void => {
    window.dispatchEvent(new CustomEvent(outgoing, { detail: message }));
  };
  const messageOf = (error: unknown): string =>
    error instanceof Error ? error.message : String(error);

  const pack = (value: unknown): unknown => {
    if (typeof value === 'function') {
      const callable = value as Callable;
      const number = numbers.get(callable) ?? functions.push(callable) - 1;
      numbers.set(callable, number);
      return { bridged: 'function', number };
    }
    if (value instanceof Promise) {
      lastPromise += 1;
      const id = lastPromise;
      value.then(
        (result: unknown) => post({ kind: 'settle', id, value: pack(result) }),
        (error: unknown) => post({ kind: 'settle', id, failed: true, value: messageOf(error) }),
      );
      return { bridged: 'promise', number: id };
    }
    if (Array.isArray(value)) return value.map(pack);
    if (typeof value !== 'object' || value === null) return value;
    const tag = Object.prototype.toString.call(value);
    if (tag !== '[object Object]') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item)]));
  };

  const unpack = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(unpack);
    if (typeof value !== 'object' || value === null) return value;
    if (Object.prototype.toString.call(value) !== '[object Object]') return value;
    const { bridged, number } = value as { bridged?: string; number?: number };
    if (bridged === 'function' && number !== undefined) return mirror(number);
    if (bridged === 'promise' && number !== undefined) {
      return new Promise((resolve, reject) => promises.set(number, { resolve, reject }));
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]));
  };

  const mirror = (number: number): Callable => {
    const known = mirrors.get(number);
    if (known) return known;
    const made: Callable = (...args) => {
      lastCall += 1;
      const id = lastCall;
      post({ kind: 'call', id, name: String(number), value: pack(args) });
      const answer = returned.get(id);
      returned.delete(id);
      if (!answer) throw new Error('An object could not be cloned.');
      if (answer.failed) throw new Error(String(answer.value));
      return unpack(answer.value);
    };
    mirrors.set(number, made);
    return made;
  };

  const run = (message: Message): Message => {
    try {
      const args = unpack(message.value) as unknown[];
      const result = functions[Number(message.name)]?.(...args);
      return { kind: 'return', id: message.id, value: pack(result) };
    } catch (error) {
      return { kind: 'return', id: message.id, failed: true, value: messageOf(error) };
    }
  };

  window.addEventListener(incoming, (event) => {
    const message = (event as CustomEvent<Message | null>).detail;
    // What cannot be cloned arrives as null, and the caller gets no answer.
    if (message === null) return;
    if (message.kind === 'offer') onOffer(message.name ?? '', unpack(message.value));
    else if (message.kind === 'call') post(run(message));
    else if (message.kind === 'return') returned.set(message.id, message);
    else {
      const waiting = promises.get(message.id);
      promises.delete(message.id);
      if (message.failed) waiting?.reject(new Error(String(message.value)));
      else waiting?.resolve(unpack(message.value));
    }
  });

  return { offer: (name, api) => post({ kind: 'offer', id: 0, name, value: pack(api) }) };
}
