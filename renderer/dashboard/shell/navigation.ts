import { useMemo } from 'react';
import { navigate, useHashLocation } from 'wouter/use-hash-location';
import { addressOf, type Route, type RouteName, type RouteParams, routeOf } from './routes.ts';

/**
 * Where the person is. Addresses stand after `#`: the same built page works under any path of a proxy, and
 * no server has to know them.
 */
export const useRoute = (): Route => {
  const [path] = useHashLocation();
  return useMemo(() => routeOf(path), [path]);
};

/** What a link to a screen says. */
export const hrefOf = <N extends RouteName>(name: N, params: RouteParams<N>): string =>
  `#${addressOf(name, params)}`;

/** Goes to a screen, as a link would. @param replace "back" must not lead here again. */
export const goTo = <N extends RouteName>(
  name: N,
  params: RouteParams<N>,
  { replace = false }: { readonly replace?: boolean } = {},
): void => navigate(addressOf(name, params), { replace });
