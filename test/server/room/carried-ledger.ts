import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { EMPTY_ATTEMPT, highestCopyAttempt } from '#shared/attempt/attempt-state.ts';
import { replayRules } from '#shared/attempt/replay.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { Command, IssuedCommand } from '#shared/wire/command.ts';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import type { FactData, FactType } from '#shared/wire/facts.ts';
import type { ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import {
  connect,
  kiosk,
  type TestDevice,
  type TestKiosk,
  type TestServer,
  type TestSocket,
} from '#test/server/harness.ts';
import { type Report, verifyBundle } from '#tools/verify-bundle.ts';

/** What staff ask and order, as one of them. */
export class Desk {
  readonly server: TestServer;
  readonly cookie: string;

  constructor(server: TestServer, cookie: string) {
    this.server = server;
    this.cookie = cookie;
  }

  async get<T>(attemptId: string, path = ''): Promise<T> {
    const url = `/api/attempts/${attemptId}${path}`;
    return (await this.server.app.inject({ url, headers: { cookie: this.cookie } })).json() as T;
  }

  detail(attemptId: string): Promise<AttemptDetail> {
    return this.get<AttemptDetail>(attemptId);
  }

  /** @returns the answer's body. */
  async order(attemptId: string, command: Command, more: object = {}) {
    const answer = await this.server.app.inject({
      method: 'POST',
      url: `/api/attempts/${attemptId}/commands`,
      headers: { cookie: this.cookie },
      payload: { key: randomUUID(), command, ...more },
    });
    return answer.json() as { id?: string; problem?: { code: string } };
  }

  /** What `npm run verify` says of the exported attempt. */
  async verified(attemptId: string): Promise<Report> {
    const report = await verifyBundle(await this.get(attemptId, '/export'));
    if (report === null) throw new Error('not a bundle');
    return report;
  }
}

/** An examinee's kiosk whose ledger is what the rules make of it, written by hand. */
export class Sitting {
  readonly server: TestServer;
  readonly kiosk: TestKiosk;
  readonly entries: LedgerEntry[] = [];
  #socket: TestSocket<ServerToKiosk> | null = null;

  private constructor(server: TestServer, of: TestKiosk) {
    this.server = server;
    this.kiosk = of;
  }

  /** An examinee signs in on a machine and begins. */
  static async begin(server: TestServer, device: TestDevice, person: number): Promise<Sitting> {
    const of = await kiosk(server, person, device);
    const sitting = new Sitting(server, of);
    const headers = { authorization: `Bearer ${of.token}` };
    await server.app.inject({ url: `/api/attempts/${of.attemptId}/form`, headers });
    const formHash = server.sqlite
      .prepare('SELECT hash FROM forms WHERE attempt_id = ?')
      .pluck()
      .get(of.attemptId) as string;
    await sitting.deliver([...of.begun(formHash), of.next('gate-passed', {})]);
    return sitting;
  }

  get id(): TestKiosk['attemptId'] {
    return this.kiosk.attemptId;
  }

  get state() {
    return this.entries.reduce(applyEntry, EMPTY_ATTEMPT);
  }

  async deliver(entries: readonly LedgerEntry[]): Promise<void> {
    this.entries.push(...entries);
    const answer = await this.server.app.inject({
      method: 'POST',
      url: `/api/attempts/${this.id}/entries`,
      headers: { authorization: `Bearer ${this.kiosk.token}` },
      payload: { entries },
    });
    if (answer.statusCode !== 200) throw new Error(answer.body);
  }

  async write<T extends FactType>(type: T, data: FactData<T>, t?: number): Promise<void> {
    await this.deliver([this.kiosk.next(type, data, t)]);
  }

  /** Something is copied at this exam time, and the rules count it. */
  async copies(t: number): Promise<void> {
    await this.states({ kind: 'clipboard', phase: 'happened', t, facts: {} });
  }

  /** The window is left for three seconds from this exam time on, and the rules count it. */
  async leaves(t: number): Promise<void> {
    await this.states({ kind: 'focus-lost', phase: 'began', t, facts: {} });
    await this.states({ kind: 'focus-lost', phase: 'ended', t: t + 3_000, facts: {} });
  }

  private async states(observation: FactData<'observation'>): Promise<void> {
    await this.write('observation', observation, observation.t);
    for (const event of replayRules(this.entries).missing) {
      if (event.type === 'incident-opened')
        await this.write(event.type, { incident: event.incident, evidence: [] });
      else if (event.type === 'incident-closed')
        await this.write(event.type, { incidentId: event.incidentId, endedT: event.endedT });
      else if (event.type === 'copy-attempt') {
        const { incidentId, episodeId } = event;
        const number = highestCopyAttempt(this.state.incidents) + 1;
        await this.write(event.type, { incidentId, episodeId, number });
      }
    }
  }

  async closes(by: FactData<'attempt-closed'>['by'], leftMs: number): Promise<void> {
    await this.write('attempt-closed', { by, remainingMs: leftMs });
  }

  /** Its `n`-th incident that counted. */
  counted(n: number) {
    const one = this.state.incidents.filter(({ copyAttempt }) => copyAttempt !== null)[n];
    if (one === undefined) throw new Error('nothing counted');
    return one.id;
  }

  async connects(): Promise<TestSocket<ServerToKiosk>> {
    this.#socket = await connect(this.server, this.kiosk);
    return this.#socket;
  }

  /** The machine is gone without a word. */
  async dies(desk: Desk): Promise<void> {
    this.#socket?.close();
    this.#socket = null;
    await vi.waitFor(async () => {
      const { tile } = await desk.detail(this.id);
      if (tile.connection !== 'offline') throw new Error(tile.connection);
    }, 10_000);
  }

  /** The next order on the socket, of this type, is answered. */
  async answers(
    type: Command['type'],
    outcome: 'applied' | 'rejected' = 'applied',
    code?: 'not-found' | 'attempt-closed',
  ): Promise<IssuedCommand> {
    const socket = this.#socket ?? (await this.connects());
    const known = new Set(this.state.appliedCommands);
    const { issued } = (await socket.until(
      (m) => m.type === 'command' && m.issued.command.type === type && !known.has(m.issued.id),
    )) as { issued: IssuedCommand };
    await this.write('command-applied', {
      issued,
      outcome,
      ...(code === undefined ? {} : { code }),
    });
    return issued;
  }
}
