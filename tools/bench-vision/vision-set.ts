import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { INCIDENT_KINDS, IncidentKindSchema } from '#shared/incident/kind.ts';
import { check } from '#shared/kernel/schema.ts';
import { ACT_NAMES, type ActName } from '#tools/clip/acting/acts.ts';
import { PERSON_NAMES, type PersonName } from '#tools/clip/acting/people.ts';

/** Labels are free: `skinTone`, `glasses`, `ageBand`, whatever the institution wants to compare. */
const LabelsSchema = Type.Record(
  Type.String({ minLength: 1, maxLength: 60 }),
  Type.String({ minLength: 1, maxLength: 60 }),
);
const SpanSchema = Type.Object(
  { fromMs: Type.Integer({ minimum: 0 }), toMs: Type.Integer({ minimum: 1 }) },
  { additionalProperties: false },
);
const ExpectedSchema = Type.Object(
  {
    kind: IncidentKindSchema,
    fromMs: Type.Integer({ minimum: 0 }),
    toMs: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
);
const PartSchema = Type.Object(
  {
    act: Type.Unsafe<ActName>(Type.Union(ACT_NAMES.map((name) => Type.Literal(name)))),
    ms: Type.Integer({ minimum: 100 }),
    who: Type.Optional(
      Type.Unsafe<PersonName>(Type.Union(PERSON_NAMES.map((name) => Type.Literal(name)))),
    ),
  },
  { additionalProperties: false },
);

const ClipSchema = Type.Object(
  {
    /** A y4m file inside the set's folder; or else `acts`. */
    file: Type.Optional(Type.String({ minLength: 1 })),
    /** Acts of the repository's own clip generator, drawn while they are looked at. */
    acts: Type.Optional(Type.Array(PartSchema, { minItems: 1 })),
    seed: Type.Optional(Type.Integer()),
    person: Type.String({ minLength: 1 }),
    condition: Type.String({ minLength: 1 }),
    expected: Type.Array(ExpectedSchema),
    /** When no face is to be seen although nothing must come of it, such as under the desk after a pencil. */
    faceless: Type.Optional(Type.Array(SpanSchema)),
    labels: Type.Optional(LabelsSchema),
  },
  { additionalProperties: false },
);
const PictureSchema = Type.Object(
  {
    file: Type.String({ minLength: 1 }),
    person: Type.Optional(Type.String({ minLength: 1 })),
    condition: Type.String({ minLength: 1 }),
    /** How many faces are in it; 1 when left out. */
    faces: Type.Optional(Type.Integer({ minimum: 0 })),
    labels: Type.Optional(LabelsSchema),
  },
  { additionalProperties: false },
);
const PersonSchema = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    /** A folder of JPEG or PNG pictures of this one person, for the identity figures. */
    folder: Type.Optional(Type.String({ minLength: 1 })),
    labels: Type.Optional(LabelsSchema),
  },
  { additionalProperties: false },
);
const SetSchema = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    /** What it shows and where it is from, one sentence; printed with the figures. */
    about: Type.String({ minLength: 1 }),
    people: Type.Optional(Type.Array(PersonSchema)),
    clips: Type.Optional(Type.Array(ClipSchema)),
    pictures: Type.Optional(Type.Array(PictureSchema)),
  },
  { additionalProperties: false },
);
export type SetFile = Static<typeof SetSchema>;

export type Labels = Readonly<Record<string, string>>;
export type Expected = Static<typeof ExpectedSchema>;
export type Span = Static<typeof SpanSchema>;
export interface SetClip {
  readonly id: string;
  readonly source:
    | { readonly file: string }
    | { readonly acts: Static<typeof PartSchema>[]; readonly seed: number };
  readonly person: string;
  readonly condition: string;
  readonly expected: readonly Expected[];
  readonly faceless: readonly Span[];
  readonly labels: Labels;
}
export interface SetPicture {
  readonly id: string;
  readonly file: string;
  /** null when nobody in particular is in it: then it says nothing of identity. */
  readonly person: string | null;
  readonly condition: string;
  readonly faces: number;
  /** Whether it is one of a person's folder. */
  readonly forIdentity: boolean;
  readonly labels: Labels;
}
export interface VisionSet {
  readonly name: string;
  readonly about: string;
  readonly clips: readonly SetClip[];
  readonly pictures: readonly SetPicture[];
}

const PICTURE = /\.(jpe?g|png)$/i;

/** A sentence for the person who made the set. */
export class SetProblem extends Error {}

/**
 * Reads DIR/set.json (layout: docs/vision.md, "Measuring on your own people").
 * @throws SetProblem when it is not there, does not fit, or names a file that is missing.
 */
export const readSet = (folder: string): VisionSet => {
  const file = join(folder, 'set.json');
  if (!existsSync(file)) throw new SetProblem(`${folder} has no set.json.`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SetProblem(`${file} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  return resolveSet(content, folder);
};

const problemIn = (content: unknown, path: string, message: string): string => {
  const wrong = path
    .split('/')
    .slice(1)
    .reduce<unknown>((at, key) => Reflect.get(Object(at), key), content);
  if (/\/kind$/.test(path))
    return `set.json ${path}: "${wrong}" is no kind of incident. Kinds: ${INCIDENT_KINDS.join(', ')}.`;
  if (/\/act$/.test(path))
    return `set.json ${path}: "${wrong}" is no act. Acts: ${ACT_NAMES.join(', ')}.`;
  return `set.json ${path}: ${message}.`;
};

/** Checks a set's content and finds its files. @throws SetProblem */
export const resolveSet = (content: unknown, folder: string): VisionSet => {
  const checked = check(SetSchema, content);
  if (!checked.ok)
    throw new SetProblem(problemIn(content, checked.error.path, checked.error.message));
  const set = checked.value;
  const people = new Map((set.people ?? []).map((person) => [person.id, person]));
  const labelsOf = (person: string | undefined, own: Labels = {}): Labels => ({
    ...(person === undefined ? {} : people.get(person)?.labels),
    ...own,
  });
  const place = (name: string, where: string): string => {
    const path = join(folder, name);
    if (!existsSync(path))
      throw new SetProblem(`${where} names ${name}, which is not in ${folder}.`);
    return path;
  };
  const clips = (set.clips ?? []).map((clip, i): SetClip => {
    const where = `clip ${i + 1} (${clip.condition})`;
    if ((clip.file === undefined) === (clip.acts === undefined))
      throw new SetProblem(`${where} needs either "file" or "acts".`);
    const bad = clip.expected.find(({ fromMs, toMs }) => toMs <= fromMs);
    if (bad !== undefined)
      throw new SetProblem(
        `${where}: ${bad.kind} ends at ${bad.toMs} ms, not after its beginning.`,
      );
    return {
      id: `clip-${i + 1}`,
      source:
        clip.acts === undefined
          ? { file: place(clip.file ?? '', where) }
          : { acts: clip.acts, seed: clip.seed ?? i + 1 },
      person: clip.person,
      condition: clip.condition,
      expected: clip.expected,
      faceless: clip.faceless ?? [],
      labels: labelsOf(clip.person, clip.labels),
    };
  });
  const listed = (set.pictures ?? []).map(
    (picture, i): SetPicture => ({
      id: `picture-${i + 1}`,
      file: place(picture.file, `picture ${i + 1}`),
      person: picture.person ?? null,
      condition: picture.condition,
      faces: picture.faces ?? 1,
      forIdentity: false,
      labels: labelsOf(picture.person, picture.labels),
    }),
  );
  const inFolders = [...people.values()].flatMap(({ id, folder: name }): SetPicture[] => {
    if (name === undefined) return [];
    const path = place(name, `person ${id}`);
    const files = statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((file) => PICTURE.test(file))
          .sort()
      : [];
    if (files.length === 0) throw new SetProblem(`The folder ${name} of ${id} has no pictures.`);
    return files.map((file) => ({
      id: `person-${id}-${file}`,
      file: join(path, file),
      person: id,
      condition: 'people',
      faces: 1,
      forIdentity: true,
      labels: labelsOf(id),
    }));
  });
  const pictures = [...listed, ...inFolders];
  if (clips.length + pictures.length === 0)
    throw new SetProblem('The set has neither clips nor pictures.');
  return { name: set.name, about: set.about, clips, pictures };
};
