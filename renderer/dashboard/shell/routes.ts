import { parse } from 'regexparam';
import { matchRoute } from 'wouter';

/** Every address of the dashboard, after `#`: what links say and what is shown come from this table. */
const PATTERNS = {
  rooms: '/',
  room: '/room/:roomId/:sessionId',
  attempt: '/room/:roomId/:sessionId/:attemptId',
  timeline: '/room/:roomId/:sessionId/:attemptId/timeline',
  devices: '/devices',
  codes: '/devices/codes',
  builds: '/devices/builds',
  device: '/devices/device/:deviceId',
  enrolments: '/identity',
  people: '/identity/people',
  setup: '/identity/setup',
  retention: '/identity/retention',
  certificates: '/identity/certificates',
} as const;

type Patterns = typeof PATTERNS;
type Names<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

export type RouteName = keyof Patterns;
export type RouteParams<N extends RouteName> = Readonly<Record<Names<Patterns[N]>, string>>;
/** Which screen an address names, and what of. */
export type Route =
  | { readonly [N in RouteName]: { readonly name: N; readonly params: RouteParams<N> } }[RouteName]
  | { readonly name: 'unknown' };

/** A session in a room. */
export type Place = RouteParams<'room'>;

export const ROUTE_NAMES = Object.keys(PATTERNS) as readonly RouteName[];

/** The address of a screen, without `#`. @param params any text; it is escaped. */
export const addressOf = <N extends RouteName>(name: N, params: RouteParams<N>): string =>
  PATTERNS[name].replace(/:(\w+)/g, (_, key: string) =>
    encodeURIComponent((params as Readonly<Record<string, string>>)[key] ?? ''),
  );

/** @param path what stands after `#`, still escaped. A cut-off escape is no address of ours. */
export const routeOf = (path: string): Route => {
  // A question mark that belongs to a name is escaped: what follows a plain one is not ours.
  const [plain = ''] = path.split('?');
  for (const name of ROUTE_NAMES) {
    const [found, params] = matchRoute(parse, PATTERNS[name], plain);
    if (!found) continue;
    try {
      // By hand: the router's own hooks unescape with `decodeURI`, which leaves `%2F` as it is.
      const named = Object.entries(params).filter(([key]) => !/^\d+$/.test(key));
      const decoded = named.map(([key, value]) => [key, decodeURIComponent(value ?? '')]);
      return { name, params: Object.fromEntries(decoded) } as Route;
    } catch {
      return { name: 'unknown' };
    }
  }
  return { name: 'unknown' };
};
