// `node tools/protocol-docs.ts` writes docs/protocol/*.json from the schemas that the code itself checks
// with, so that the written protocol cannot say something else. A test asserts that they are up to date.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {} from '@fastify/websocket';
import pino from 'pino';
import type { TSchema } from 'typebox';
import { buildApp } from '#server/app.ts';
import { compose } from '#server/compose.ts';
import type { Json } from '#shared/ledger/entry.ts';
import { protocolExample } from './protocol/example.ts';
import { protocolTables } from './protocol/protocol-tables.ts';
import { definitions, plain, withReferences } from './protocol/schemas.ts';

const schemas = (): Json => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'atalaya-protocol-1',
  title: 'Atalaya: everything that crosses the network',
  description:
    'Messages (KioskToServer, ServerToKiosk, ServerToDashboard), ledger entries and what each of their types says (fact.*).',
  $defs: definitions('#/$defs/'),
});

type Named = TSchema & {
  readonly properties: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
};

/** What a route says of itself, as the server declares it. */
interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly schema: {
    readonly summary?: string;
    readonly security?: Json;
    readonly consumes?: readonly string[];
    readonly params?: Named;
    readonly querystring?: Named;
    readonly body?: TSchema;
    readonly response?: Readonly<Record<string, TSchema>>;
  };
}

/** The routes of the HTTP interface, taken from a server that is built but never listens. */
const declaredRoutes = async (): Promise<readonly DeclaredRoute[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'atalaya-docs-'));
  const { deps, database } = await compose({
    dataFolder: folder,
    pagesFolder: null,
    logger: pino({ level: 'silent' }),
  });
  const routes: DeclaredRoute[] = [];
  const app = await buildApp({
    ...deps,
    beforeRoutes: async (declared) => {
      declared.addHook('onRoute', ({ method, url, schema, websocket }) => {
        if (websocket === true || method === 'HEAD' || !url.startsWith('/api/')) return;
        routes.push({ method: String(method), url, schema: schema as DeclaredRoute['schema'] });
      });
    },
  });
  await app.ready();
  await app.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
  // By address: which feature declares its routes first says nothing to a reader.
  return routes.toSorted((a, b) =>
    `${a.url} ${a.method}`.localeCompare(`${b.url} ${b.method}`, 'en'),
  );
};

const COMPONENTS = '#/components/schemas/';
const STILLS = ['image/jpeg', 'image/png'];
/** Bytes have no schema. */
const BYTES = {};

const content = (schema: TSchema): Json =>
  'contentEncoding' in schema
    ? Object.fromEntries(STILLS.map((mime) => [mime, BYTES]))
    : { 'application/json': { schema: withReferences(plain(schema), COMPONENTS) } };

const operation = ({ schema }: DeclaredRoute): Json => {
  const { summary, security, consumes, params, querystring, body, response } = schema;
  const parameters = (['path', 'query'] as const).flatMap((place) => {
    const named = place === 'path' ? params : querystring;
    return Object.entries(named?.properties ?? {}).map(([name, one]) => ({
      name,
      in: place,
      required: place === 'path' || (named?.required ?? []).includes(name),
      schema: plain(one),
    }));
  });
  const sent =
    consumes === undefined
      ? body && content(body)
      : Object.fromEntries(consumes.map((mime) => [mime, BYTES]));
  return {
    summary,
    security,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(sent === undefined ? {} : { requestBody: { required: true, content: sent } }),
    responses: Object.fromEntries(
      Object.entries(response ?? {}).map(([status, one]) => [
        status.toUpperCase(),
        {
          description: status === '200' ? 'Done.' : 'Refused: the problem says why.',
          content: content(one),
        },
      ]),
    ),
  };
};

/** The HTTP side. Written here and not by a plugin, so that no schema is changed on the way. */
const openapi = async (): Promise<Json> => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of await declaredRoutes()) {
    const path = route.url.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Atalaya',
      version: '1',
      description: 'The HTTP side of docs/protocol.md. The WebSockets are described there.',
    },
    components: {
      securitySchemes: {
        device: { type: 'http', scheme: 'bearer', description: 'From the enrolment.' },
        examinee: { type: 'http', scheme: 'bearer', description: 'From the sign-in.' },
        enrolment: {
          type: 'http',
          scheme: 'bearer',
          description: 'From the sign-in of the enrolment page; an hour.',
        },
        staff: { type: 'apiKey', in: 'cookie', name: 'atalaya-staff' },
      },
      schemas: definitions(COMPONENTS),
    },
    paths,
  };
};

/** Puts what follows from the code between the marks of its place. @throws Error where the text has no such place. */
const put = (markdown: string, place: string, text: string): string => {
  const marks = new RegExp(`(<!-- ${place} -->\\n)[\\s\\S]*(<!-- /${place} -->)`);
  if (!marks.test(markdown)) throw new Error(`no place for ${place}`);
  return markdown.replace(
    marks,
    (_all, begin: string, end: string) => `${begin}\n${text}\n\n${end}`,
  );
};

/** The written protocol with the tables, and the bytes of the example, in their places. */
const withGenerated = (markdown: string): string => {
  const { publicKey, hashed, socket } = protocolExample();
  const [opening, observation, checkpoint] = hashed;
  const said = socket.map(({ from, text }) => {
    const short = text.length > 200 ? `${text.slice(0, 80)} … ${text.slice(-60)}` : text;
    return `${from.padEnd(6)}  ${short}`;
  });
  const lines = [
    `Public key: \`${publicKey}\``,
    '',
    `The first entry (whole in \`example.json\`) has the hash \`${opening?.hash}\`. The second one is hashed as`,
    '',
    '```',
    observation?.canonical,
    '```',
    '',
    `which gives \`${observation?.hash}\`; it needs no signature. The third,`,
    '',
    '```',
    checkpoint?.canonical,
    '```',
    '',
    `gives \`${checkpoint?.hash}\` and is signed \`${checkpoint?.signature}\`. On the socket:`,
    '',
    '```',
    ...said,
    '```',
  ];
  const places = { ...protocolTables(), example: lines.join('\n') };
  return Object.entries(places).reduce((text, [place, said]) => put(text, place, said), markdown);
};

/** The documents by file name, from `docs/protocol/` on. */
export const protocolDocuments = async (): Promise<ReadonlyMap<string, string>> => {
  const text = (document: Json): string => `${JSON.stringify(document, null, 1)}\n`;
  return new Map([
    ['schemas.json', text(schemas())],
    ['openapi.json', text(await openapi())],
    ['example.json', text(protocolExample() as unknown as Json)],
    ['../protocol.md', withGenerated(await readFile(join(DOCS_FOLDER, '../protocol.md'), 'utf8'))],
  ]);
};

export const DOCS_FOLDER = join(import.meta.dirname, '../docs/protocol');

if (import.meta.main) {
  for (const [name, text] of await protocolDocuments()) {
    await writeFile(join(DOCS_FOLDER, name), text);
  }
}
