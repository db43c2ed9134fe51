import Type, { type Static } from 'typebox';

const PROGRAM_PLATFORMS = ['linux', 'windows', 'darwin'] as const;
export type ProgramPlatform = (typeof PROGRAM_PLATFORMS)[number];

const PROGRAM_CATEGORIES = [
  'screen-recorder',
  'capture-tool',
  'assistant',
  'messenger',
  'browser',
  'remote',
  'virtual-camera',
  'virtual-machine',
  'notes',
  'office',
  'mail',
  'automation',
  'debugger',
  'screen-share',
  'other',
  /** Only in lists of allowed programs. */
  'assistive',
  'classroom',
  'system',
] as const;
export type ProgramCategory = (typeof PROGRAM_CATEGORIES)[number];

/** A file's name without folder and `.exe`, in any case; `*` stands for any letters. */
const FileNames = Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { maxItems: 150 });
const Texts = Type.Array(Type.String({ minLength: 1, maxLength: 160 }), { maxItems: 20 });

/** How one program is recognised. What is absent says nothing. */
export const ProgramRuleSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,59}$' }),
    /** As people call it: shown to the examinee and the proctor. */
    name: Type.String({ minLength: 1, maxLength: 60 }),
    category: Type.Unsafe<ProgramCategory>(
      Type.Union(PROGRAM_CATEGORIES.map((category) => Type.Literal(category))),
    ),
    /** Names of its executable per system; on Windows also the original file name of its version info. */
    names: Type.Optional(
      Type.Object(
        {
          linux: Type.Optional(FileNames),
          windows: Type.Optional(FileNames),
          darwin: Type.Optional(FileNames),
        },
        { additionalProperties: false },
      ),
    ),
    /** Bundle identifiers (macOS); `*` as in names. */
    bundles: Type.Optional(Texts),
    /** Names in the certificates that sign it, for publishers all of whose programs the rule means. */
    signers: Type.Optional(Texts),
    /** SHA-256 of its executables, in hexadecimal. */
    hashes: Type.Optional(
      Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { maxItems: 200 }),
    ),
    /** It is started by the system and waits without a window on ordinary computers: only with a window it was opened. */
    waitsHidden: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type ProgramRule = Static<typeof ProgramRuleSchema>;

/** What an institution changes about the lists of programs, in its settings. */
export const ProgramRulesSchema = Type.Object(
  {
    /** Forbidden besides the list that comes with the program. */
    forbidden: Type.Optional(Type.Array(ProgramRuleSchema, { maxItems: 300 })),
    /** Allowed besides that list: assistive technology, classroom management, aids of one exam. */
    allowed: Type.Optional(Type.Array(ProgramRuleSchema, { maxItems: 300 })),
    /** Ids of rules of the lists that come with the program and do not apply here. */
    permitted: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 300 })),
    /** Whether the title of another program's window is kept with an incident. It may hold private text: no by default. */
    windowTitles: Type.Optional(Type.Boolean()),
    /** Whether a remote-control service that only waits keeps the exam from starting; no by default. */
    remoteListenersBlock: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type ProgramRules = Static<typeof ProgramRulesSchema>;

/** The lists that hold on one machine. */
export interface ProgramLists {
  readonly forbidden: readonly ProgramRule[];
  readonly allowed: readonly ProgramRule[];
}

/** A running program, as far as the system tells. */
export interface SeenProgram {
  /** Base name of its executable file; null when the system does not tell. */
  readonly file: string | null;
  /** Names under which it shows itself: the process's name, the script that an interpreter runs. */
  readonly shown: readonly string[];
  /** From the version info (Windows). */
  readonly originalName?: string;
  readonly bundle?: string;
  readonly signer?: string;
  readonly sha256?: string;
  /** False when its file lies where anybody may write: then its name alone does not vouch for it. */
  readonly installed?: boolean;
}

/** By what it was recognised, the strongest first. */
const PROOFS = ['hash', 'signer', 'bundle', 'original-name', 'name'] as const;
export type ProgramProof = (typeof PROOFS)[number];

export interface ProgramMatch {
  readonly rule: ProgramRule;
  readonly by: ProgramProof;
  /** It runs under a name that is not its own. */
  readonly renamed: boolean;
}

/**
 * Whether somebody opened a program: `waiting`, the system started it and it has no window; `unknown`, it is one that
 * may wait so and the system does not tell of windows. What is unknown is for people and stops nobody.
 * @param onDesktop whether it can be on the examinee's own desktop at all.
 * @param hasWindow null where the system does not tell.
 */
export const openness = (
  { waitsHidden }: Pick<ProgramRule, 'waitsHidden'>,
  onDesktop: boolean,
  hasWindow: boolean | null,
): 'open' | 'waiting' | 'unknown' => {
  if (!onDesktop) return 'waiting';
  if (waitsHidden !== true || hasWindow === true) return 'open';
  return hasWindow === false ? 'waiting' : 'unknown';
};

/** A file's name as the rules write it. */
export const programName = (file: string): string =>
  file
    .slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
    .toLowerCase()
    .replace(/\.exe$/, '');

const fits = (pattern: string, text: string): boolean => {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
};

const anyFits = (patterns: readonly string[] | undefined, text: string | undefined): boolean =>
  text !== undefined &&
  text !== '' &&
  patterns?.some((pattern) => fits(pattern.toLowerCase(), text.toLowerCase())) === true;

const proofOf = (
  seen: SeenProgram,
  rule: ProgramRule,
  platform: ProgramPlatform,
): ProgramProof | null => {
  const names = rule.names?.[platform]?.map(programName);
  if (seen.sha256 !== undefined && rule.hashes?.includes(seen.sha256) === true) return 'hash';
  if (anyFits(rule.signers, seen.signer)) return 'signer';
  if (anyFits(rule.bundles, seen.bundle)) return 'bundle';
  if (seen.originalName !== undefined && anyFits(names, programName(seen.originalName))) {
    return 'original-name';
  }
  const shown = seen.file === null ? seen.shown : [seen.file, ...seen.shown];
  return shown.some((name) => anyFits(names, programName(name))) ? 'name' : null;
};

/** A name vouches for a program of the system only where users cannot put one; assistive technology may lie anywhere. */
const vouches = (
  { rule, by }: { readonly rule: ProgramRule; readonly by: ProgramProof },
  seen: SeenProgram,
): boolean => by !== 'name' || rule.category === 'assistive' || seen.installed !== false;

const best = (
  seen: SeenProgram,
  rules: readonly ProgramRule[],
  platform: ProgramPlatform,
): { readonly rule: ProgramRule; readonly by: ProgramProof } | null => {
  let found: { rule: ProgramRule; by: ProgramProof } | null = null;
  for (const rule of rules) {
    const by = proofOf(seen, rule, platform);
    if (by === null) continue;
    if (found === null || PROOFS.indexOf(by) < PROOFS.indexOf(found.by)) found = { rule, by };
  }
  return found;
};

/** The rule of `rules` that a program falls under, by its strongest proof; null when there is none. */
export const matchRule = (
  seen: SeenProgram,
  rules: readonly ProgramRule[],
  platform: ProgramPlatform,
): ProgramMatch | null => {
  const found = best(seen, rules, platform);
  if (found === null) return null;
  const names = found.rule.names?.[platform]?.map(programName);
  const renamed =
    found.by !== 'name' &&
    seen.file !== null &&
    names !== undefined &&
    !anyFits(names, programName(seen.file));
  return { ...found, renamed };
};

/** The rule by which a program is allowed: the desktop's own, assistive technology, classroom management; or null. */
export const allowedRule = (
  seen: SeenProgram,
  lists: ProgramLists,
  platform: ProgramPlatform,
): Omit<ProgramMatch, 'renamed'> | null => {
  const allowed = best(seen, lists.allowed, platform);
  return allowed !== null && vouches(allowed, seen) ? allowed : null;
};

/**
 * Whether a running program is forbidden. A program on both lists is judged by the stronger proof (a hash
 * or a signature outweighs a name, which anybody can give to a file); at equal strength it is allowed:
 * doubts are for the examinee, and assistive technology must never be in the way.
 */
export const matchProgram = (
  seen: SeenProgram,
  lists: ProgramLists,
  platform: ProgramPlatform,
): ProgramMatch | null => {
  const forbidden = matchRule(seen, lists.forbidden, platform);
  if (forbidden === null) return null;
  const allowed = allowedRule(seen, lists, platform);
  return allowed !== null && PROOFS.indexOf(allowed.by) <= PROOFS.indexOf(forbidden.by)
    ? null
    : forbidden;
};

/**
 * The lists that come with the program as one institution wants them.
 * @param shipped the lists in `assets/programs`.
 */
export const listsFor = (shipped: ProgramLists, rules: ProgramRules): ProgramLists => {
  const permitted = new Set(rules.permitted ?? []);
  return {
    forbidden: [
      ...shipped.forbidden.filter(({ id }) => !permitted.has(id)),
      ...(rules.forbidden ?? []),
    ],
    allowed: [...shipped.allowed, ...(rules.allowed ?? [])],
  };
};
