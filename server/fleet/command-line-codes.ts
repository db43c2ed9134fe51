import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { normaliseCode, readableCode, tokenHash } from '#server/platform/tokens.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { DeviceStore } from './device-ports.ts';

const CODE_LENGTH = 8;
/** As long as codes from the dashboard can be good for. */
const GOOD_FOR_MS = 30 * 24 * 60 * MINUTE;

/**
 * Makes one-time codes for whoever stands at the server's own command line: in a university of one venue they are its,
 * else of no venue until the device is used in one.
 * @returns the codes; only their hashes are stored.
 */
export const addCodesOfCommandLine = async (
  deps: {
    readonly store: UnitOfWork<{ readonly devices: DeviceStore; readonly trail: AuditTrail }>;
    readonly registry: Pick<RegistryStore, 'rooms'>;
    readonly clock: ServerClock;
    readonly random: ServerRandom;
  },
  count: number,
): Promise<readonly string[]> => {
  const now = deps.clock.now();
  const venues = new Set((await deps.registry.rooms(now, now)).map(({ venueId }) => venueId));
  const [venueId = null] = venues.size === 1 ? venues : [];
  const codes = Array.from({ length: count }, () => readableCode(deps.random, CODE_LENGTH));
  await deps.store.transaction(async (tx) => {
    await tx.devices.addCodes(
      codes.map((code) => ({
        codeHash: tokenHash(normaliseCode(code)),
        expiresAt: now + GOOD_FOR_MS,
        venueId,
        roomId: null,
        createdAt: now,
        createdBy: null,
      })),
    );
    await tx.trail.audit({
      at: now,
      actor: 'server',
      action: 'enrolment-codes-made',
      subject: 'command-line',
      detail: { count, validHours: GOOD_FOR_MS / (60 * MINUTE) },
    });
  });
  return codes;
};
