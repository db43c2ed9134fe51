/** One element of an XML text, with its names resolved to `{namespace}local`; attributes without prefix have no namespace. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, entities resolved. */
  readonly text: string;
}

interface Open {
  readonly raw: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly spaces: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const resolved = (text: string): string =>
  text.replaceAll(/&(#x[0-9a-f]+|#\d+|\w+);?/gi, (whole, name: string) => {
    const found = name.startsWith('#')
      ? String.fromCodePoint(Number(name.replace('#x', '0x').replace('#', '')))
      : ENTITIES[name];
    if (found === undefined || !whole.endsWith(';')) throw new Error(`entity ${whole}`);
    return found;
  });

const TOKEN =
  /<\?[\s\S]*?\?>|<!--(?:(?!--)[\s\S])*-->|<!\[CDATA\[[\s\S]*?\]\]>|<!DOCTYPE[^>]*>|<\/?[^<>]+>|[^<]+|</g;
const ATTRIBUTE = /\s+([\w:.-]+)\s*=\s*("[^"<]*"|'[^'<]*')/gy;

/**
 * Reads a whole XML text strictly: one root, everything closed in order, every prefix declared, no attribute twice.
 * @throws Error that says what is not well-formed.
 */
export const parseXml = (source: string): XmlElement => {
  const text = source.replace(/^\uFEFF/, '');
  const open: Open[] = [];
  let root: XmlElement | null = null;
  const full = (raw: string, spaces: ReadonlyMap<string, string>, isAttribute: boolean): string => {
    const [prefix, local] = raw.includes(':') ? raw.split(':', 2) : ['', raw];
    if (prefix === '' && isAttribute) return local ?? '';
    const space = prefix === 'xml' ? 'xml' : spaces.get(prefix ?? '');
    if (space === undefined && prefix !== '') throw new Error(`prefix ${prefix} is not declared`);
    return space === undefined ? raw : `{${space}}${local}`;
  };
  for (const [token] of text.matchAll(TOKEN)) {
    const top = open.at(-1);
    if (token.startsWith('<?') || token.startsWith('<!--') || token.startsWith('<!DOCTYPE'))
      continue;
    if (token.startsWith('<![CDATA[')) {
      if (top === undefined) throw new Error('CDATA outside of the root');
      top.text += token.slice('<![CDATA['.length, -']]>'.length);
    } else if (token.startsWith('</')) {
      const name = token.slice(2, -1).trim();
      const closed = open.pop();
      if (closed?.raw !== name) throw new Error(`</${name}> closes <${closed?.raw ?? 'nothing'}>`);
      const element = {
        name: closed.name,
        attributes: closed.attributes,
        children: closed.children,
        text: closed.text,
      };
      const parent = open.at(-1);
      if (parent !== undefined) parent.children.push(element);
      else root = element;
    } else if (token.startsWith('<')) {
      if (root !== null && top === undefined) throw new Error('a second root');
      const [, raw = '', rest = '', empty] = /^<([\w:.-]+)([\s\S]*?)(\/?)>$/.exec(token) ?? [];
      if (raw === '') throw new Error(`not an element: ${token.slice(0, 40)}`);
      const given: [string, string][] = [];
      let end = 0;
      for (const match of rest.matchAll(ATTRIBUTE)) {
        given.push([match[1] ?? '', resolved((match[2] ?? '').slice(1, -1))]);
        end = match.index + match[0].length;
      }
      if (rest.slice(end).trim() !== '')
        throw new Error(`attributes of <${raw}>: ${rest.slice(end)}`);
      const spaces = new Map(top?.spaces ?? []);
      for (const [name, value] of given) {
        if (name === 'xmlns') spaces.set('', value);
        else if (name.startsWith('xmlns:')) spaces.set(name.slice('xmlns:'.length), value);
      }
      const attributes = new Map<string, string>();
      for (const [name, value] of given.filter(([one]) => !one.startsWith('xmlns'))) {
        const key = full(name, spaces, true);
        if (attributes.has(key)) throw new Error(`${key} twice in <${raw}>`);
        attributes.set(key, value);
      }
      const element: Open = {
        raw,
        name: full(raw, spaces, false),
        attributes,
        spaces,
        children: [],
        text: '',
      };
      open.push(element);
      if (empty === '/') {
        open.pop();
        const closed = { name: element.name, attributes, children: [], text: '' };
        if (top !== undefined) top.children.push(closed);
        else root = closed;
      }
    } else if (token.trim() !== '') {
      if (top === undefined || token === '<')
        throw new Error(`text outside of the root: ${token.slice(0, 40)}`);
      top.text += resolved(token);
    }
  }
  if (open.length > 0 || root === null)
    throw new Error(`<${open.at(-1)?.raw ?? 'nothing'}> is not closed`);
  return root;
};

/** The elements below, at any depth, with this local name. */
export const elements = (from: XmlElement, local: string): XmlElement[] =>
  from.children.flatMap((child) => [
    ...(child.name.replace(/^\{.*\}/, '') === local ? [child] : []),
    ...elements(child, local),
  ]);

/** A plist's value as plain data. @throws on anything that is none. */
export const plistValue = (element: XmlElement): unknown => {
  switch (element.name) {
    case 'plist':
      return plistValue(element.children[0] ?? { ...element, name: 'nothing' });
    case 'dict': {
      const value: Record<string, unknown> = {};
      for (let i = 0; i < element.children.length; i += 2) {
        const [key, inside] = element.children.slice(i, i + 2);
        if (key?.name !== 'key' || inside === undefined)
          throw new Error('a dict is keys and values');
        if (key.text in value) throw new Error(`key ${key.text} twice`);
        value[key.text] = plistValue(inside);
      }
      return value;
    }
    case 'array':
      return element.children.map(plistValue);
    case 'string':
      return element.text;
    case 'integer': {
      if (!/^-?\d+$/.test(element.text)) throw new Error(`${element.text} is no integer`);
      return Number(element.text);
    }
    case 'true':
    case 'false':
      return element.name === 'true';
    default:
      throw new Error(`<${element.name}> is no plist value`);
  }
};
