import { isCarried } from '#shared/attempt/copy-count.ts';
import { authorisationFits, objectionTo } from '#shared/attempt/order-objection.ts';
import { staffProofText } from '#shared/exam/exit-code.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json } from '#shared/ledger/entry.ts';
import { isKnownCommand } from '#shared/wire/command.ts';
import { type Claim, type ClaimCheck, those } from './claim.ts';

const unproven = (
  { given, entry, sha256Hex }: Pick<Claim, 'given' | 'entry' | 'sha256Hex'>,
  act: string,
  proof: string | undefined,
): boolean => {
  if (given.staffKey === null) return false;
  return proof !== sha256Hex(staffProofText(given.staffKey, entry.attemptId, act));
};

/** With or without a network: only who was given the session's code can make the proof. */
export const staffExit: ClaimCheck<'staff-exit'> = (claim) => {
  const { outcome, proof } = claim.data;
  return those(['staff-code', outcome === 'opened' && unproven(claim, 'staff-exit', proof)]);
};

export const staffIdentity: ClaimCheck<'staff-identity'> = (claim) => {
  const { outcome, decision, authorisedBy, proof } = claim.data;
  if (outcome === 'refused') return [];
  return those(
    ['staff-code', unproven(claim, `staff-identity ${decision}`, proof)],
    ['authorisation', !authorisationFits(decision, authorisedBy)],
  );
};

export const commandApplied: ClaimCheck<'command-applied'> = ({ data, before, given }) => {
  const { issued, outcome } = data;
  const known = given.commands.find(({ id }) => id === issued.id);
  if (known === undefined || canonicalText(known as Json) !== canonicalText(issued as Json)) {
    return ['order'];
  }
  if (outcome === 'applied' || !isKnownCommand(issued.command)) return [];
  // A kiosk of before they were named does not find what is carried; that it goes on counting harms only its own examinee.
  if (isCarried(issued.command, before)) return [];
  return those(['order-refused', objectionTo(issued.command, before) === null]);
};

export const messageRead: ClaimCheck<'message-read'> = ({ data, given }) => {
  const sent = given.commands.find(({ id }) => id === data.commandId);
  return those(['message', sent?.command.type !== 'message']);
};

export const roomScanned: ClaimCheck<'room-scanned'> = ({ data, before }) =>
  those(['room-view', before.roomScanAsked?.commandId !== data.commandId]);
