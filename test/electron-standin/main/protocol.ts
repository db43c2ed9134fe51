import type { CustomScheme, Protocol as ElectronProtocol } from 'electron';
import { QUESTION_PATH } from '#test/electron-standin/page/messages.ts';
import { recordCall } from '#test/electron-standin/recorder.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** What Chromium sees in place of an address in an app's own scheme, and back. */
const HOST_SUFFIX = 'localhost';

const privileged = new Map<string, CustomScheme>();
const handlers = new Map<string, Handler>();

/**
 * Chromium knows no schemes but its own, so `app://bundle/x` is `https://bundle.app.localhost/x`
 * there: a secure context too, whose requests are answered by the app's handler.
 */
export const protocol = {
  registerSchemesAsPrivileged(customSchemes: CustomScheme[]): void {
    recordCall('protocol.registerSchemesAsPrivileged', customSchemes);
    for (const scheme of customSchemes) privileged.set(scheme.scheme, scheme);
  },
  handle(scheme: string, handler: Handler): void {
    if (handlers.has(scheme)) throw new Error('Failed to register protocol: ' + scheme);
    if (!privileged.get(scheme)?.privileges?.standard) {
      throw new Error(
        `electron stand-in: protocol.handle('${scheme}') is covered for schemes registered as standard only.`,
      );
    }
    handlers.set(scheme, handler);
  },
  unhandle(scheme: string): void {
    handlers.delete(scheme);
  },
  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
} satisfies Pick<
  ElectronProtocol,
  'registerSchemesAsPrivileged' | 'handle' | 'unhandle' | 'isProtocolHandled'
>;

/** The address that Chromium is given for the app's `url`; others stay as they are. */
export function toChromium(url: string): string {
  const parsed = URL.parse(url);
  const scheme = parsed?.protocol.slice(0, -1) ?? '';
  if (!parsed || !privileged.has(scheme)) return url;
  const inside = /^[^:]+:\/\/([^/?#]+)(.*)$/s.exec(url);
  if (!inside?.[1]) throw new Error(`electron stand-in: ${url} names no host`);
  const path = inside[2] ?? '';
  return `https://${inside[1]}.${scheme}.${HOST_SUFFIX}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** The app's address for what Chromium calls `url`; others stay as they are. */
export function toElectron(url: string): string {
  const inside = /^https:\/\/(.+)\.([a-z][a-z0-9+-]*)\.localhost(\/.*)?$/s.exec(url);
  if (!inside || !privileged.has(inside[2] ?? '')) return url;
  return `${inside[2]}://${inside[1]}${inside[3] ?? '/'}`;
}

/** The app's origin for what Chromium calls `url`, as Electron writes it (`app://bundle`). */
export function originOf(url: string): string {
  const address = toElectron(url);
  return /^[^:]+:\/\/[^/?#]*/.exec(address)?.[0] ?? 'null';
}

/** A request as Chromium's interception states it. */
export interface PausedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly postData?: string | undefined;
}

/** What Chromium is to be told in answer. */
export interface Fulfilment {
  readonly responseCode: number;
  readonly responseHeaders: { name: string; value: string }[];
  readonly body: string;
}

/** Whether the app has a handler for what Chromium calls `url`. */
export function isHandled(url: string): boolean {
  const address = toElectron(url);
  return address !== url && handlers.has(new URL(address).protocol.slice(0, -1));
}

/**
 * Runs the app's handler.
 *
 * @throws whatever the handler throws; the page then sees a failed request.
 */
export async function answer(paused: PausedRequest): Promise<Fulfilment> {
  const url = toElectron(paused.url);
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  if (!handler) throw new Error(`electron stand-in: nobody handles ${url}`);
  const bodyless = paused.method === 'GET' || paused.method === 'HEAD';
  const response = await handler(
    new Request(url, {
      method: paused.method,
      headers: paused.headers,
      ...(bodyless || paused.postData === undefined ? {} : { body: paused.postData }),
    }),
  );
  const { origin } = new URL(paused.url);
  const body = Buffer.from(await response.arrayBuffer());
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
  return {
    responseCode: response.status,
    responseHeaders: [...response.headers].map(([name, value]) => ({
      name,
      value: name.startsWith('content-security-policy') ? policyForChromium(value, origin) : value,
    })),
    body: (isPage ? Buffer.from(policiesIn(body.toString(), origin)) : body).toString('base64'),
  };
}

/**
 * A content security policy as Chromium has to read it: the app's scheme and addresses become those
 * that Chromium knows, and the one address where the preload's world asks about keys is let through.
 *
 * @param origin the page's origin as Chromium has it.
 */
export function policyForChromium(policy: string, origin: string): string {
  let text = policy;
  for (const scheme of privileged.keys()) {
    text = text
      .replaceAll(
        new RegExp(`\\b${scheme}://([^\\s;/]+)`, 'g'),
        `https://$1.${scheme}.${HOST_SUFFIX}`,
      )
      .replaceAll(
        new RegExp(`\\b${scheme}:(?=[\\s;]|$)`, 'g'),
        `https://*.${scheme}.${HOST_SUFFIX}`,
      );
  }
  const directives = text.split(';').map((directive) => directive.trim());
  const sources = (name: string): string | undefined =>
    directives.find((directive) => directive.split(/\s/)[0]?.toLowerCase() === name);
  const connect = sources('connect-src') ?? sources('default-src')?.replace(/^\S+/, 'connect-src');
  if (connect === undefined) return text;
  const opened = `${connect.replace(/'none'/i, '').trimEnd()} ${origin}${QUESTION_PATH}`;
  return [
    ...directives.filter((directive) => directive !== connect && directive !== ''),
    opened,
  ].join('; ');
}

/** The same for policies that a page states in its own `meta` elements. */
function policiesIn(html: string, origin: string): string {
  return html.replaceAll(/<meta\b[^>]*content-security-policy[^>]*>/gi, (meta) =>
    meta.replace(
      /(\scontent\s*=\s*)(["'])([\s\S]*?)\2/i,
      (_, start: string, quote: string, policy: string) =>
        `${start}${quote}${policyForChromium(policy, origin)}${quote}`,
    ),
  );
}
