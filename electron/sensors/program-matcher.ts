import type { SeenProgram } from '#shared/incident/program-rules.ts';

/** More kinds of program than run on any machine at a time. */
const MOST = 4_000;

/**
 * Judges each sort of program once: a listing has the same hundred programs every two seconds, and comparing each with
 * all the lists is what watching them costs.
 * @param judge must depend on nothing but what it is given.
 */
export const oncePerProgram = <T>(
  judge: (program: SeenProgram) => T,
): ((program: SeenProgram) => T) => {
  const known = new Map<string, T>();
  return (program) => {
    const { file, shown, originalName, bundle, signer, sha256, installed } = program;
    // NUL is in no name, so that no two programs share a key.
    const key = [file, installed, originalName, bundle, signer, sha256, ...shown].join('\0');
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before as T;
    if (known.size >= MOST) known.clear();
    const found = judge(program);
    known.set(key, found);
    return found;
  };
};
