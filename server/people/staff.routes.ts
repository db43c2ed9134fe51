import Type from 'typebox';
import { unwrap } from '#server/platform/http-problems.ts';
import type { Limits } from '#server/platform/limits.ts';
import type { ServerClock } from '#server/platform/ports.ts';
import { type App, answers } from '#server/platform/typed.ts';
import { wrongTries } from '#server/platform/wrong-tries.ts';
import { StaffSignInRequestSchema, StaffSignInResponseSchema } from '#shared/wire/http.ts';
import { type Access, STAFF_COOKIE, staffToken } from './access.http.ts';
import type { KnownBrowsers } from './known-browser.http.ts';
import type { AccessStore } from './ports.ts';
import { signInPace } from './sign-in-pace.ts';
import { profileOf, STAFF_IDLE_MS, type StaffSessions } from './staff-sessions.ts';

export interface StaffRouteDeps {
  readonly who: Access;
  readonly access: Pick<AccessStore, 'timeZone'>;
  readonly limits: Limits;
  readonly sessions: StaffSessions;
  readonly browsers: KnownBrowsers;
  readonly clock: ServerClock;
}

const SignedOutSchema = Type.Object({}, { additionalProperties: false });

/** How staff sign in and out, and who they are. */
export const staffRoutes = (
  app: App,
  { who, access, limits, sessions, browsers, clock }: StaffRouteDeps,
): void => {
  const { steady } = clock;
  const ofAddress = wrongTries(limits.signInsPerAddress, steady);
  const ofBrowser = wrongTries(limits.signInsPerDevice, steady);
  const pace = signInPace(clock);

  app.post(
    '/api/staff/sign-in',
    {
      schema: {
        summary: 'Staff sign in; sets an http-only cookie',
        body: StaffSignInRequestSchema,
        response: answers(StaffSignInResponseSchema),
      },
    },
    async (request, reply) => {
      const { user, password } = request.body;
      const account = user.trim().toLowerCase();
      // Where staff signed in before they are apart from whoever else has that address.
      const known = await browsers.nameOf(request);
      const place = known ?? request.ip;
      const tries = known === null ? ofAddress : ofBrowser;
      const signedIn = await tries.judged(
        place,
        () => pace.paced(account, place, () => sessions.signIn(user, password)),
        account,
      );
      const { token, profile } = unwrap(signedIn);
      reply.setCookie(STAFF_COOKIE, token, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
        maxAge: STAFF_IDLE_MS / 1_000,
      });
      if (known === null) await browsers.remember(request, reply);
      return profile;
    },
  );

  app.post(
    '/api/staff/sign-out',
    {
      schema: { summary: 'Ends the session of the cookie', response: answers(SignedOutSchema) },
    },
    async (request, reply) => {
      const token = staffToken(request);
      if (token !== null) await sessions.signOut(token);
      reply.clearCookie(STAFF_COOKIE, { path: '/' });
      return {};
    },
  );

  app.post(
    '/api/staff/sign-out-everywhere',
    {
      schema: {
        summary: 'Ends all sessions of the person behind the cookie',
        response: answers(SignedOutSchema),
      },
    },
    async (request, reply) => {
      const token = staffToken(request);
      if (token !== null) await sessions.signOutEverywhere(token);
      reply.clearCookie(STAFF_COOKIE, { path: '/' });
      return {};
    },
  );

  app.get(
    '/api/staff/me',
    {
      config: { right: null },
      schema: {
        summary: 'Who is signed in',
        security: [{ staff: [] }],
        response: answers(StaffSignInResponseSchema),
      },
    },
    async (request) => profileOf(access, await who.staff(request)),
  );
};
