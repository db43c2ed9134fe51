import type { App } from '#server/platform/typed.ts';
import type { Right } from '#shared/wire/roles.ts';

/** A route that staff use, as the server declares it. */
export interface StaffRoute {
  /** `POST /api/devices/:deviceId/revoke` */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** null for whoever is signed in. */
  readonly right: Right | null;
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Gathers the routes for staff while a server declares them; handed in as `beforeRoutes`. */
export const gatherStaffRoutes = () => {
  const routes: StaffRoute[] = [];
  const writing: string[] = [];
  return {
    routes,
    /** Every route, whoever uses it, that is no plain reading. */
    writing,
    beforeRoutes: async (app: App): Promise<void> => {
      app.addHook('onRoute', ({ method, url, schema, config }) => {
        const methods = Array.isArray(method) ? method : [method];
        for (const one of methods) {
          if (!READS.has(one)) writing.push(`${one} ${url}`);
        }
        const { security = [] } = (schema ?? {}) as { security?: readonly object[] };
        if (method === 'HEAD' || !security.some((one) => 'staff' in one)) return;
        const how = String(method) as StaffRoute['method'];
        routes.push({ name: `${how} ${url}`, method: how, url, right: config?.right ?? null });
      });
    },
  };
};
