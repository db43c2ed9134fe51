import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchemaCompiler,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { AttemptIdSchema, HashSchema, RoomIdSchema, SessionIdSchema } from '#shared/kernel/ids.ts';
import { ErrorBodySchema } from '#shared/wire/http.ts';
import type { Right } from '#shared/wire/roles.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The right that a route for staff asks for; null lets in whoever is signed in. */
    readonly right?: Right | null;
  }
}

/** Gives a route's body and params the types of their schemas. */
export interface SchemaTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  SchemaTypes
>;

/** Checks requests with the same compiled schemas as everything else; nothing is coerced or dropped. */
export const compileSchema: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const validator = Compile(schema);
  return (value: unknown) => {
    if (validator.Check(value)) return { value };
    const first = validator.Errors(value)[0];
    return {
      error: new Error(`${first?.instancePath || '/'} ${first?.message ?? 'does not fit'}`),
    };
  };
};

const params = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

export const AttemptParams = params({ attemptId: AttemptIdSchema });
export const RoomSessionParams = params({ roomId: RoomIdSchema, sessionId: SessionIdSchema });
export const StillParams = params({ attemptId: AttemptIdSchema, hash: HashSchema });

export const CertificateParams = params({
  id: Type.String({ pattern: '^[A-Za-z0-9-]{1,80}$' }),
});
/** Nothing to say but that it was done. */
export const DoneSchema = Type.Object({}, { additionalProperties: false });

/** The bytes of a picture. */
export const PICTURE = Type.Unsafe<Uint8Array>(Type.String({ contentEncoding: 'binary' }));

/** The answers that a documented route may give. */
export const answers = <S extends TSchema>(success: S) => ({
  200: success,
  '4xx': ErrorBodySchema,
});
