import Type from 'typebox';
import { order, type Server } from '#renderer/dashboard/shell/desk-ask.ts';
import type { Answer } from '#shared/wire/ask.ts';
import type { StaffProfile } from '#shared/wire/dashboard.ts';
import { StaffSignInResponseSchema } from '#shared/wire/http.ts';

/** Who is signed in. */
export interface PeopleApi {
  signIn(user: string, password: string): Answer<StaffProfile>;
  me(): Answer<StaffProfile>;
  /** @param everywhere also on every other computer. */
  signOut(everywhere: boolean): Answer<null>;
}

export const createPeopleApi = (server: Server): PeopleApi => ({
  signIn: (user, password) =>
    server.ask('api/staff/sign-in', StaffSignInResponseSchema, {
      method: 'POST',
      body: { user, password },
    }),
  me: () => server.ask('api/staff/me', StaffSignInResponseSchema),
  signOut: (everywhere) =>
    order(
      server,
      everywhere ? 'api/staff/sign-out-everywhere' : 'api/staff/sign-out',
      Type.Unknown(),
      {
        method: 'POST',
      },
    ),
});
