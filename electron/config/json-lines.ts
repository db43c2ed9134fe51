/** Where things are in a JSON text, for sentences that name a line. */
export interface JsonLines {
  /** Line (from 1) of the value or property at a JSON pointer; of the nearest parent when it is not there. */
  lineOf(pointer: string): number;
  /** The first property that an object has twice; JSON.parse would silently take the last. */
  readonly duplicate: { readonly key: string; readonly line: number } | null;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

interface Level {
  readonly pointer: string;
  readonly keys: Set<string> | null;
  /** Pointer of the value that comes next. */
  next: string;
  index: number;
  awaitsKey: boolean;
}

/**
 * Finds the lines of a text that `JSON.parse` accepts.
 * @param text valid JSON; for anything else the lines are without meaning.
 */
export const jsonLines = (text: string): JsonLines => {
  const lines = new Map<string, number>([['', 1]]);
  const levels: Level[] = [];
  let duplicate: JsonLines['duplicate'] = null;
  let at = 0;
  let line = 1;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    for (; at < index; at += 1) if (text[at] === '\n') line += 1;
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      const pointer = level?.next ?? '';
      if (!lines.has(pointer)) lines.set(pointer, line);
      const list = token === '[';
      levels.push({
        pointer,
        keys: list ? null : new Set(),
        next: list ? `${pointer}/0` : pointer,
        index: 0,
        awaitsKey: !list,
      });
    } else if (token === '}' || token === ']') {
      levels.pop();
    } else if (level === undefined) {
      lines.set('', line);
    } else if (token === ',') {
      level.index += 1;
      if (level.keys === null) level.next = `${level.pointer}/${level.index}`;
      else level.awaitsKey = true;
    } else if (token !== ':') {
      if (level.keys !== null && level.awaitsKey) {
        const key = String(JSON.parse(token));
        if (level.keys.has(key)) duplicate ??= { key, line };
        level.keys.add(key);
        level.next = `${level.pointer}/${escaped(key)}`;
        level.awaitsKey = false;
        lines.set(level.next, line);
      } else if (!lines.has(level.next)) lines.set(level.next, line);
    }
  }
  return {
    duplicate,
    lineOf: (pointer) => {
      for (let place = pointer; place !== ''; place = place.slice(0, place.lastIndexOf('/'))) {
        const found = lines.get(place);
        if (found !== undefined) return found;
      }
      return lines.get('') ?? 1;
    },
  };
};

/** Line of a `JSON.parse` failure: as the message says it, else the text's last line. */
export const syntaxErrorLine = (text: string, error: unknown): number => {
  const said = /\(line (\d+) column \d+\)/.exec(String(error))?.[1];
  return said === undefined ? text.trimEnd().split('\n').length : Number(said);
};
