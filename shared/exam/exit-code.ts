/** Characters that cannot be taken for one another when somebody reads a code aloud: no I, L, O, U. */
export const EXIT_CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 32^8, about 10^12: with the kiosk's pause after wrong codes and the cost of a try, not to be guessed in an exam. */
export const EXIT_CODE_LENGTH = 8;

/** A code as it is hashed and compared, however it was typed: capitals, no spaces or dashes, look-alikes made one. */
export const exitCodeText = (typed: string): string =>
  typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');

/**
 * What the salt of the proof's key is the SHA-256 of (its first 32 digits). Another salt than that of the check: what a
 * kiosk keeps to check a code tells nothing of the key.
 */
export const staffKeySaltText = (salt: string): string => `atalaya staff key ${salt}`;

/**
 * What the proof of a staff's act at the machine is the SHA-256 of. Only who was given the session's code has the key.
 * @param key PBKDF2 of the code with the salt above, hex.
 * @param act `staff-exit`, or `staff-identity` with its decision.
 */
export const staffProofText = (key: string, attemptId: string, act: string): string =>
  `${key} ${attemptId} ${act}`;
