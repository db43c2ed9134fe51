/** Everything that code on a page has asked the browser for, until `end`: as if the page were left. */
export interface PageLife {
  end(): void;
}

type Listen = typeof EventTarget.prototype.addEventListener;

/**
 * Begins a page's life: what is asked for from now on (listeners of window and document, timers, sockets, requests)
 * ends with it, and nothing of it is heard of again. With it a page begins anew in a tenth of the time that loading it
 * takes.
 */
export const beginLife = (): PageLife => {
  const life = new AbortController();
  const { signal } = life;
  const undo: (() => void)[] = [];

  const listenWhileAlive: Listen = function (
    this: EventTarget | undefined,
    type,
    listener,
    options,
  ) {
    const chosen = typeof options === 'object' ? options : { capture: options ?? false };
    const both = chosen.signal ? AbortSignal.any([chosen.signal, signal]) : signal;
    const target = this ?? window;
    EventTarget.prototype.addEventListener.call(target, type, listener, {
      ...chosen,
      signal: both,
    });
  };
  for (const target of [window, document]) {
    target.addEventListener = listenWhileAlive;
    undo.push(() => {
      // What is on the prototype is seen again.
      Reflect.deleteProperty(target, 'addEventListener');
    });
  }

  const timers = new Set<number>();
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const start = window[name].bind(window) as (run: TimerHandler, ms?: number) => number;
    const before = window[name];
    window[name] = ((run: TimerHandler, ms?: number) => {
      const timer = start(run, ms);
      timers.add(timer);
      return timer;
    }) as never;
    undo.push(() => {
      window[name] = before as never;
      for (const timer of timers) clearTimeout(timer);
    });
  }

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    override readonly addEventListener: Listen = listenWhileAlive;

    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      signal.addEventListener('abort', () => this.close());
    }
  };
  undo.push(() => {
    window.WebSocket = Socket;
  });

  /** Settles as `promise` does; never, once this life is over. */
  const whileAlive = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      promise.then(
        (value) => {
          if (!signal.aborted) resolve(value);
        },
        (error) => {
          if (!signal.aborted) reject(error);
        },
      );
    });
  const ask = window.fetch.bind(window);
  const before = window.fetch;
  window.fetch = async (input, init) => {
    const answer = await whileAlive(ask(input, init));
    for (const part of ['json', 'text', 'blob', 'arrayBuffer', 'bytes'] as const) {
      const read = answer[part].bind(answer) as () => Promise<never>;
      Object.assign(answer, { [part]: () => whileAlive(read()) });
    }
    return answer;
  };
  undo.push(() => {
    window.fetch = before;
  });

  return {
    end: () => {
      life.abort();
      for (const one of undo) one();
    },
  };
};
