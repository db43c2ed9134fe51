import Type, { type Static } from 'typebox';
import { HashSchema } from '#shared/kernel/ids.ts';

/** Which build of the desktop kiosk this is; written into it when it is built. */
export const BuildIdentitySchema = Type.Object(
  {
    version: Type.String({ minLength: 1, maxLength: 40 }),
    /** `packaged` is what `npm run dist` makes; only its hash covers all that runs. */
    kind: Type.Union([Type.Literal('development'), Type.Literal('packaged')]),
    platform: Type.Union([Type.Literal('linux'), Type.Literal('win32'), Type.Literal('darwin')]),
    arch: Type.Union([Type.Literal('x64'), Type.Literal('arm64')]),
    /** null when it was built outside a git repository. */
    commit: Type.Union([Type.String({ pattern: '^[0-9a-f]{40}$' }), Type.Null()]),
    /** False when files differed from the commit. */
    clean: Type.Boolean(),
    /** Over the sorted list of its files and their contents. */
    hash: HashSchema,
  },
  { additionalProperties: false },
);
export type BuildIdentity = Static<typeof BuildIdentitySchema>;
