import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { DemoCredentials } from '#server/demo/demo.ts';
import type { JsonObject } from '#shared/ledger/entry.ts';
import { roomSocketPath } from '#shared/wire/dashboard.ts';
import type { EnrolResponse, ExamineeSignInResponse } from '#shared/wire/http.ts';
import { KIOSK_SOCKET_PATH, PROTOCOL, type ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import type { BenchRow } from './bench-row.ts';
import { sealedLedger } from './ingest-ledgers.ts';
import { benchKey } from './ingest-setup.ts';
import { type Build, baseBuild, median, THIS_BUILD } from './side-by-side.ts';

const KIOSKS = 200;
const EVENTS = 800;
/** Each load is measured so often, in turns; the medians count. */
const ROUNDS = 3;
/** Messages that a kiosk has under way at once. */
const WINDOW = 4;

/** What a build commits per second, raw and through its ingest. */
interface Commits {
  readonly raw: number;
  readonly ingest: number;
}

/**
 * Measures the ingest: commits against the bare disk, and CPU per event against a bare WebSocket echo. With another
 * build beside it both take turns.
 */
export const run = async (): Promise<BenchRow[]> => {
  const base = baseBuild();
  const builds = base === null ? [THIS_BUILD] : [base, THIS_BUILD];
  // In turns: a disk is a tenth faster at one moment than at another.
  const commits = new Map<Build, Commits[]>(builds.map((build) => [build, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const build of builds) {
      commits.get(build)?.push(await tell<Commits>(child(build, 'ingest-commits.ts')));
    }
  }
  const echoes: Load[] = [];
  const wholes = new Map<Build, Load[]>(builds.map((build) => [build, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    echoes.push(await cpuPerEvent(null));
    for (const build of builds) wholes.get(build)?.push(await cpuPerEvent(build));
  }
  const echo = medianLoad(echoes);
  return [
    { name: 'bare ws echo: CPU per message', value: echo.cpu, unit: 'µs' },
    ...builds.flatMap((build) =>
      rowsOf(build, commits, medianLoad(wholes.get(build) ?? []), {
        echo,
        base: build === base ? null : base,
      }),
    ),
  ];
};

const rowsOf = (
  build: Build,
  all: ReadonlyMap<Build, readonly Commits[]>,
  whole: Load,
  { echo, base }: { readonly echo: Load; readonly base: Build | null },
): readonly BenchRow[] => {
  const rounds = all.get(build) ?? [];
  const raw = median(rounds.map((round) => round.raw));
  const ingest = median(rounds.map((round) => round.ingest));
  const ofRaw = median(rounds.map((round) => round.ingest / round.raw));
  const ofEcho = whole.cpu / echo.cpu;
  const beside = base === null ? [] : (all.get(base) ?? []);
  const ofBase =
    base === null
      ? null
      : median(rounds.map((round, i) => round.ingest / (beside[i]?.ingest ?? Number.NaN)));
  const own = build === THIS_BUILD;
  return [
    {
      name: `${build.name}: raw transactions of 100 rows, synchronous=FULL`,
      value: raw,
      unit: 'rows/s',
    },
    {
      name: `${build.name}: committed events, turns of 100 kiosks`,
      value: ingest,
      unit: 'events/s',
      ratio: ofRaw,
      ...(own ? { goal: '>= 0.55 of raw', ok: ofRaw >= 0.55 } : {}),
    },
    ...(ofBase === null || !own
      ? []
      : [
          {
            name: `${build.name}: committed events, beside the base build`,
            value: ingest,
            unit: 'events/s',
            ratio: ofBase,
            goal: '>= 1 x base',
            ok: ofBase >= 1,
          },
        ]),
    {
      name: `${build.name}: CPU per event, socket to ack, one dashboard`,
      value: whole.cpu,
      unit: 'µs',
      ratio: ofEcho,
      ...(own ? { goal: '<= 2.5 x echo', ok: ofEcho <= 2.5 } : {}),
    },
    {
      name: `${build.name}: events end to end, load generator beside it`,
      value: whole.rate,
      unit: 'events/s',
    },
  ];
};

const child = (build: Build, file: string, ...args: readonly string[]): ChildProcess =>
  fork(join(build.root, 'test/bench', file), [...args], { stdio: 'inherit', cwd: build.root });

/** The next message of the child. */
const tell = async <T>(process: ChildProcess): Promise<T> => {
  const [message] = (await Promise.race([
    once(process, 'message'),
    once(process, 'exit').then(([code]) => {
      throw new Error(`the child ended with ${code}`);
    }),
  ])) as [T];
  return message;
};

interface Kiosk {
  readonly hello: string | null;
  readonly messages: readonly string[];
}

interface Load {
  /** µs per event. */
  readonly cpu: number;
  /** Events per second. */
  readonly rate: number;
}

/** The round in the middle, by CPU. */
const medianLoad = (loads: readonly Load[]): Load =>
  [...loads].sort((a, b) => a.cpu - b.cpu)[Math.floor(loads.length / 2)] ?? { cpu: 0, rate: 0 };

/** @param build null for the bare echo. */
const cpuPerEvent = async (build: Build | null): Promise<Load> => {
  const server = child(THIS_BUILD, 'ingest-server.ts', build?.root ?? 'echo', String(KIOSKS));
  const { port, credentials } = await tell<{ port: number; credentials: DemoCredentials | null }>(
    server,
  );
  const url = `http://127.0.0.1:${port}`;
  const kiosks = await signedIn(url, credentials);
  const path = build === null ? '/' : KIOSK_SOCKET_PATH;
  const links = await Promise.all(
    kiosks.map((kiosk) => link(`${url.replace('http', 'ws')}${path}`, kiosk)),
  );
  const cpu = async (): Promise<number> => {
    const answer = tell<{ cpu: NodeJS.CpuUsage }>(server);
    server.send('cpu');
    const used = (await answer).cpu;
    return used.user + used.system;
  };
  // The first quarter warms the compiler up.
  const warm = Math.floor(EVENTS / 4);
  await Promise.all(links.map((one) => one.push(warm)));
  const [before, started] = [await cpu(), performance.now()];
  await Promise.all(links.map((one) => one.push(EVENTS)));
  const seconds = (performance.now() - started) / 1_000;
  // The checks beside the ingest belong to the event.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const used = (await cpu()) - before;
  const events = (EVENTS - warm) * KIOSKS;
  for (const one of links) one.close();
  const gone = once(server, 'exit');
  server.send('stop');
  await gone;
  return { cpu: used / events, rate: events / seconds };
};

/** Everything that each kiosk is going to send, made before anything is measured. */
const signedIn = async (
  url: string,
  credentials: DemoCredentials | null,
): Promise<readonly Kiosk[]> => {
  const { privateKey, publicKey } = benchKey();
  const messagesOf = (attemptId: string, opening: JsonObject): readonly string[] =>
    sealedLedger({ attemptId, opening, privateKey }, EVENTS).map((entry) =>
      JSON.stringify({ type: 'entries', entries: [entry] }),
    );
  if (credentials === null) {
    const messages = messagesOf('attempt-00000000-0000-0000-0000-000000000000', {});
    return Array.from({ length: KIOSKS }, () => ({ hello: null, messages }));
  }
  const ask = async <T>(path: string, body: unknown, token = ''): Promise<T> => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  };
  const device = await ask<EnrolResponse>('/api/devices/enrol', {
    code: credentials.enrolmentCodes[0],
    name: 'PC',
    publicKey,
  });
  const kiosks: Kiosk[] = [];
  let place = { roomId: '', sessionId: '' };
  for (const { document, accessCode } of credentials.examinees) {
    const { token, ticket } = await ask<ExamineeSignInResponse>(
      '/api/examinees/sign-in',
      { document, secret: accessCode, deviceTime: Date.now() },
      device.deviceToken,
    );
    place = { roomId: ticket.room.id, sessionId: ticket.sessionId };
    kiosks.push({
      hello: JSON.stringify({
        type: 'hello',
        protocol: PROTOCOL,
        token,
        attemptId: ticket.attemptId,
      }),
      messages: messagesOf(ticket.attemptId, {
        deviceId: device.deviceId,
        sessionId: ticket.sessionId,
        publicKey,
        host: { kind: 'fake', version: '1', build: null },
        coverage: {},
        policy: ticket.policy as unknown as JsonObject,
        identity: ticket.identity,
      }),
    });
  }
  await watch(url, credentials, place);
  return kiosks;
};

/** One dashboard on the room, so that the fan-out is part of the measurement. */
const watch = async (
  url: string,
  credentials: DemoCredentials,
  place: { readonly roomId: string; readonly sessionId: string },
): Promise<void> => {
  const [person] = credentials.staff;
  const answer = await fetch(`${url}/api/staff/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: person?.user, password: person?.password }),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const socket = new WebSocket(
    `${url.replace('http', 'ws')}${roomSocketPath(place.roomId, place.sessionId)}`,
    { headers: { cookie } },
  );
  await once(socket, 'message');
};

/** A kiosk's connection that keeps `WINDOW` messages under way. */
const link = async (url: string, kiosk: Kiosk) => {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  if (kiosk.hello !== null) {
    socket.send(kiosk.hello);
    await once(socket, 'message');
  }
  let sent = 0;
  let done = 0;
  let target = 0;
  let reached = (): void => {};
  const more = (): void => {
    while (sent < target && sent - done < WINDOW) {
      socket.send(kiosk.messages[sent] ?? '');
      sent += 1;
    }
    if (done >= target) reached();
  };
  socket.on('message', (data: Buffer) => {
    if (kiosk.hello === null) done += 1;
    else {
      const message = JSON.parse(data.toString()) as ServerToKiosk;
      if (message.type !== 'ack') throw new Error(data.toString());
      done = message.seq;
    }
    more();
  });
  return {
    push: (count: number): Promise<void> => {
      target = count;
      return new Promise((resolve) => {
        reached = resolve;
        more();
      });
    },
    close: () => socket.terminate(),
  };
};
