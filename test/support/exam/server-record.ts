import { randomUUID } from 'node:crypto';
import { check } from '#shared/kernel/schema.ts';
import type { Command } from '#shared/wire/command.ts';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import {
  AttemptDetailResponseSchema,
  type Bundle,
  BundleSchema,
  CommandResponseSchema,
} from '#shared/wire/http.ts';
import type { DemoCredentials } from '#tools/demo/server-process.ts';
import { type Report, verifyBundle } from '#tools/verify-bundle.ts';

/** What the server has on record, read as a proctor reads it: signed in, over its API. */
export class ServerRecord {
  readonly #origin: string;
  readonly #cookie: string;

  private constructor(origin: string, cookie: string) {
    this.#origin = origin;
    this.#cookie = cookie;
  }

  /** @throws when the log-in of the first proctor is not taken. */
  static async signIn(origin: string, { staff }: DemoCredentials): Promise<ServerRecord> {
    const proctor = staff.find(({ role }) => role === 'proctor');
    const answer = await fetch(`${origin}/api/staff/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: proctor?.user, password: proctor?.password }),
    });
    const [cookie] = answer.headers.getSetCookie();
    if (!answer.ok || cookie === undefined) throw new Error(`staff sign-in: ${answer.status}`);
    return new ServerRecord(origin, cookie.split(';')[0] ?? '');
  }

  async detail(attemptId: string): Promise<AttemptDetail> {
    const found = check(AttemptDetailResponseSchema, await this.#get(`/api/attempts/${attemptId}`));
    if (!found.ok) throw new Error(`detail: ${found.error.path} ${found.error.message}`);
    return found.value;
  }

  async bundle(attemptId: string): Promise<Bundle> {
    const found = check(BundleSchema, await this.#get(`/api/attempts/${attemptId}/export`));
    if (!found.ok) throw new Error(`bundle: ${found.error.path} ${found.error.message}`);
    return found.value;
  }

  /** The verdict of `npm run verify` on the attempt's export. */
  async report(attemptId: string): Promise<Report> {
    const report = await verifyBundle(await this.bundle(attemptId));
    if (report === null) throw new Error('the export is no bundle');
    return report;
  }

  /** @returns the command's id. */
  async command(attemptId: string, command: Command): Promise<string> {
    const answer = await fetch(`${this.#origin}/api/attempts/${attemptId}/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: this.#cookie },
      body: JSON.stringify({ key: randomUUID(), command }),
    });
    const taken = check(CommandResponseSchema, await answer.json());
    if (!taken.ok) throw new Error(`command: ${answer.status}`);
    return taken.value.id;
  }

  /** A picture of an attempt by its address below `api/attempts/ID/`. @throws when it is none. */
  async picture(attemptId: string, path: string): Promise<Buffer> {
    const address = `${this.#origin}/api/attempts/${attemptId}/${path}`;
    const answer = await fetch(address, { headers: { cookie: this.#cookie } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isPicture = answer.headers.get('content-type')?.startsWith('image/') === true;
    if (!answer.ok || !isPicture) throw new Error(`${path}: ${answer.status} ${bytes.length}`);
    return bytes;
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(this.#origin + path, { headers: { cookie: this.#cookie } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }
}
