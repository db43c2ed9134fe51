import type { ServerRandom } from '#server/platform/ports.ts';
import { newToken, normaliseCode } from '#server/platform/tokens.ts';
import { normaliseDocument } from '#shared/identity/cedula.ts';
import type { ExamineeId } from '#shared/kernel/ids.ts';
import type { AccessStore, Passwords } from './ports.ts';

export interface CredentialDeps {
  readonly access: Pick<AccessStore, 'examineeByDocument'>;
  readonly passwords: Passwords;
  readonly random: ServerRandom;
}

/**
 * Who signs in with a document and an access code; null alike, and in like time, for an unknown document and a
 * wrong code.
 */
export const examineeCredentials = (deps: CredentialDeps) => {
  // Checked for unknown documents, so that their answer takes as long as a real one.
  const decoy = deps.passwords.hash(newToken(deps.random));
  return async (document: string, secret: string): Promise<ExamineeId | null> => {
    const examinee = await deps.access.examineeByDocument(normaliseDocument(document));
    const fits = await deps.passwords.verify(
      examinee?.secretHash ?? (await decoy),
      normaliseCode(secret),
    );
    return examinee !== null && fits ? examinee.id : null;
  };
};
