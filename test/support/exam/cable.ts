import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The network between a kiosk and its server: a cable that a test pulls out and puts back. */
export interface Cable {
  /** What the kiosk takes for its server. */
  readonly origin: string;
  /**
   * Pulls it out. Everything that is open breaks and nothing opens any more; `silently`, nothing breaks
   * either: what is sent is neither answered nor refused, as behind a dead switch.
   */
  cut(how?: 'silently'): void;
  /** Puts it back. What waited silently goes on. */
  mend(): void;
  /** From now on every piece of data is held back for so long in each direction, ms. */
  delay(ms: number): void;
  close(): Promise<void>;
}

/** @param serverOrigin where the server really is, as in `http://127.0.0.1:8480`. */
export const layCable = async (serverOrigin: string): Promise<Cable> => {
  const target = new URL(serverOrigin);
  const ends = new Set<Socket>();
  let state: 'whole' | 'cut' | 'silent' = 'whole';
  let delayMs = 0;

  /** Passes data on in order, each piece as late as was asked for when it came. */
  const pass = (from: Socket, to: Socket): void => {
    let last = Promise.resolve();
    from.on('data', (piece: Buffer) => {
      const wait = delayMs;
      last = last.then(async () => {
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        if (!to.destroyed) to.write(piece);
      });
    });
    from.on('end', () => void last.then(() => to.end()));
  };
  const hold = (socket: Socket, other: () => Socket | null): void => {
    ends.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      ends.delete(socket);
      other()?.destroy();
    });
    if (state === 'silent') socket.pause();
  };

  const server = createServer({ noDelay: true }, (near) => {
    if (state === 'cut') return near.destroy();
    const far = connect({ port: Number(target.port), host: target.hostname, noDelay: true });
    hold(near, () => far);
    hold(far, () => near);
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://127.0.0.1:${port}`,
    cut: (how) => {
      state = how === 'silently' ? 'silent' : 'cut';
      for (const end of [...ends]) {
        if (state === 'silent') end.pause();
        else end.resetAndDestroy();
      }
    },
    mend: () => {
      state = 'whole';
      for (const end of ends) end.resume();
    },
    delay: (ms) => {
      delayMs = ms;
    },
    close: async () => {
      for (const end of [...ends]) end.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
