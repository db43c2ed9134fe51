import { createServer, request as forward } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A reverse proxy as rooms have them, with the habits that keep sockets away. */
export interface PickyProxy {
  readonly origin: string;
  /** What becomes of `Upgrade`: let through, answered with 403, or never answered. */
  upgrades: 'pass' | 'refuse' | 'hang';
  /** Connections on which nothing moves for so long are cut, ms; 0 for never. */
  idleMs: number;
  /** Answers are gathered to their end and held back this long, ms. */
  holdMs: number;
  /** Requests that were forwarded, by path. */
  readonly seen: string[];
  /** How many requests were cut while they waited for their answer. */
  cut: number;
  close(): Promise<void>;
}

/** @param upstream for example `http://127.0.0.1:8080`. */
export const startPickyProxy = async (upstream: string): Promise<PickyProxy> => {
  const target = new URL(upstream);
  const open = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    proxy.seen.push(`${incoming.method} ${incoming.url}`);
    // With each request anew: Node forgets it once a connection is used again.
    incoming.socket.setTimeout(proxy.idleMs);
    const onward = forward(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          setTimeout(() => {
            outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
            outgoing.end(Buffer.concat(parts));
          }, proxy.holdMs);
        });
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) proxy.cut += 1;
      onward.destroy();
    });
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('timeout', () => socket.destroy());
  });
  server.on('upgrade', (incoming, socket, head) => {
    proxy.seen.push(`UPGRADE ${incoming.url}`);
    socket.on('error', () => undefined);
    if (proxy.upgrades === 'hang') return;
    if (proxy.upgrades === 'refuse') {
      socket.end(
        'HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>',
      );
      return;
    }
    const onward = connect(Number(target.port), target.hostname, () => {
      const lines = incoming.rawHeaders.flatMap((name, i) =>
        i % 2 === 0 ? [`${name}: ${incoming.rawHeaders[i + 1]}`] : [],
      );
      onward.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: PickyProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    upgrades: 'pass',
    idleMs: 0,
    holdMs: 0,
    seen: [],
    cut: 0,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return proxy;
};
