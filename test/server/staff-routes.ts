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

/** Gathers the routes for staff while a server declares them; handed in as `beforeRoutes`. */
export const gatherStaffRoutes = () => {
  const routes: StaffRoute[] = [];
  return {
    routes,
    beforeRoutes: async (app: App): Promise<void> => {
      app.addHook('onRoute', ({ method, url, schema, config }) => {
        const { security = [] } = (schema ?? {}) as { security?: readonly object[] };
        if (method === 'HEAD' || !security.some((one) => 'staff' in one)) return;
        const how = String(method) as StaffRoute['method'];
        routes.push({ name: `${how} ${url}`, method: how, url, right: config?.right ?? null });
      });
    },
  };
};
