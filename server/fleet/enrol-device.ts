import type { AccessStore } from '#server/people/ports.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import { newToken, normaliseCode, tokenHash } from '#server/platform/tokens.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { DeviceId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { EnrolResponse } from '#shared/wire/http.ts';

export interface EnrolDeps {
  readonly store: UnitOfWork<{ readonly access: AccessStore; readonly trail: AuditTrail }>;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

/**
 * Turns a one-time code into a device (Art. 32g): its name and public key are kept, its token is
 * returned once. Problems: `unknown-code` (also when expired), `code-used`.
 */
export const enrolDevice = async (
  deps: EnrolDeps,
  request: { readonly code: string; readonly name: string; readonly publicKey: string },
): Promise<Result<EnrolResponse, Problem>> => {
  const now = deps.clock.now();
  const token = newToken(deps.random);
  const device = {
    id: `device-${deps.random.uuid()}` as DeviceId,
    name: request.name,
    publicKey: request.publicKey,
    tokenHash: tokenHash(token),
  };
  const outcome = await deps.store.transaction(async (tx) => {
    const enrolled = await tx.access.enrol(tokenHash(normaliseCode(request.code)), device, now);
    if (enrolled !== 'enrolled') return enrolled;
    await tx.trail.audit({
      at: now,
      actor: device.id,
      action: 'device-enrolled',
      subject: device.id,
      detail: { name: device.name },
    });
    return enrolled;
  });
  if (outcome === 'unknown') return refuse('unknown-code');
  if (outcome === 'used') return refuse('code-used');
  return ok({ deviceId: device.id, deviceName: device.name, deviceToken: token });
};
