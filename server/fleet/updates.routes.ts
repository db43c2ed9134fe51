import { createReadStream, type ReadStream } from 'node:fs';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Access } from '#server/people/access.http.ts';
import { unwrap } from '#server/platform/http-problems.ts';
import { type App, answers } from '#server/platform/typed.ts';
import { check } from '#shared/kernel/schema.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';
import {
  ArchSchema,
  PlatformSchema,
  ReleaseFileNameSchema,
  SignedTextSchema,
  UPDATE_HEADERS,
  UpdateFeedSchema,
  VersionSchema,
} from '#shared/wire/release.ts';
import { STAGE_SCOPES, type StageScope } from './release-ports.ts';
import type { Releases } from './releases.ts';
import { type Asking, feedName, type Updates } from './updates.ts';

export interface UpdateRouteDeps {
  readonly who: Access;
  readonly updates: Updates;
  readonly releases: Releases;
}

const object = <P extends Record<string, Type.TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

const FileParams = Type.Object({
  platform: PlatformSchema,
  arch: ArchSchema,
  file: ReleaseFileNameSchema,
});
const target = { platform: PlatformSchema, arch: ArchSchema };
const ScopeSchema = Type.Unsafe<StageScope>(
  Type.Union(STAGE_SCOPES.map((scope) => Type.Literal(scope))),
);
const ReasonSchema = Type.String({ minLength: 1, maxLength: 300 });

const OverviewSchema = object({
  releases: Type.Array(
    object({
      ...target,
      version: VersionSchema,
      addedAt: EpochMsSchema,
      addedBy: Type.String(),
      withdrawn: Type.Union([Type.Null(), object({ at: EpochMsSchema, reason: Type.String() })]),
      files: Type.Array(object({ name: Type.String(), bytes: Type.Integer() })),
    }),
  ),
  stages: Type.Array(
    object({
      ...target,
      scope: ScopeSchema,
      scopeId: Type.String(),
      version: VersionSchema,
      rollback: Type.Boolean(),
      setAt: EpochMsSchema,
      setBy: Type.String(),
    }),
  ),
  devices: Type.Array(
    object({
      ...target,
      deviceId: Type.String(),
      name: Type.String(),
      version: Type.String(),
      offered: Type.Union([Type.String(), Type.Null()]),
      askedAt: EpochMsSchema,
    }),
  ),
});
const StageOrderSchema = object({
  ...target,
  scope: ScopeSchema,
  /** Id of the device, room or venue, name of the channel; empty for `all`. */
  scopeId: Type.String({ maxLength: 80 }),
  version: Type.Union([VersionSchema, Type.Null()]),
  permit: Type.Union([SignedTextSchema, Type.Null()]),
});
const WithdrawalSchema = object({ ...target, version: VersionSchema, reason: ReasonSchema });
const DoneSchema = object({});
const staffOnly = [{ staff: [] }];

const header = (request: FastifyRequest, name: string, fallback: string): string => {
  const value = request.headers[name];
  return typeof value === 'string' ? value.slice(0, 200) : fallback;
};

const room = (request: FastifyRequest): string | null => {
  try {
    const text = decodeURIComponent(header(request, UPDATE_HEADERS.room, '')).slice(0, 80);
    return text === '' ? null : text;
  } catch {
    return null;
  }
};

/** The updates of the desktop kiosk: what devices ask for, and what staff decide about it. */
export const updateRoutes = (app: App, deps: UpdateRouteDeps): void => {
  const { who, updates, releases } = deps;

  const asking = async (
    request: FastifyRequest,
    params: Pick<Asking, 'platform' | 'arch'>,
  ): Promise<Asking> => {
    const device = await who.device(request);
    const version = check(VersionSchema, header(request, UPDATE_HEADERS.version, ''));
    return {
      device,
      platform: params.platform,
      arch: params.arch,
      version: version.ok ? version.value : '0.0.0',
      channel: header(request, UPDATE_HEADERS.channel, 'stable'),
      room: room(request),
    };
  };

  app.get(
    '/api/updates/:platform/:arch/:file',
    {
      schema: {
        summary:
          'The release that is offered to the device: latest*.yml for electron-updater, then its files',
        security: [{ device: [] }],
        params: FileParams,
        // The feed, or the bytes of a file.
        response: answers(Type.Unsafe<string | ReadStream>(UpdateFeedSchema)),
      },
    },
    async (request, reply) => {
      const from = await asking(request, request.params);
      const { file } = request.params;
      if (file === feedName(from)) {
        const feed = unwrap(await updates.feed(from));
        // electron-updater reads YAML, and JSON is YAML.
        reply.header('content-type', 'application/yaml; charset=utf-8');
        return reply.send(JSON.stringify(feed));
      }
      const { path, bytes } = unwrap(await updates.file(from, file));
      reply.header('content-type', 'application/octet-stream').header('content-length', bytes);
      return reply.send(createReadStream(path));
    },
  );

  app.get(
    '/api/releases',
    {
      config: { right: 'maintain' },
      schema: {
        summary: 'Releases of the desktop kiosk, who is offered which, what each device runs',
        security: staffOnly,
        response: answers(OverviewSchema),
      },
    },
    async (request) => {
      const overview = unwrap(await releases.overview(await who.staff(request)));
      return {
        releases: overview.releases.map((one) => ({
          platform: one.platform,
          arch: one.arch,
          version: one.version,
          addedAt: one.addedAt,
          addedBy: one.addedBy,
          withdrawn: one.withdrawn,
          files: one.manifest.files.map(({ name, bytes }) => ({ name, bytes })),
        })),
        stages: overview.stages.map(({ permit, ...stage }) => ({
          ...stage,
          rollback: permit !== null,
        })),
        devices: [...overview.devices],
      };
    },
  );

  app.post(
    '/api/releases/stages',
    {
      config: { right: 'maintain' },
      schema: {
        summary:
          'Offers a release to a device, room, venue, channel or all; version null takes it away',
        security: staffOnly,
        body: StageOrderSchema,
        response: answers(DoneSchema),
      },
    },
    async (request) => {
      unwrap(await releases.stage(await who.staff(request), request.body));
      return {};
    },
  );

  app.post(
    '/api/releases/withdrawals',
    {
      config: { right: 'maintain' },
      schema: {
        summary: 'Offers a release to nobody any more',
        security: staffOnly,
        body: WithdrawalSchema,
        response: answers(DoneSchema),
      },
    },
    async (request) => {
      const { platform, arch, version, reason } = request.body;
      const staff = await who.staff(request);
      unwrap(await releases.withdraw(staff, { platform, arch }, version, reason));
      return {};
    },
  );
};
