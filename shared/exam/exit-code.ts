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
