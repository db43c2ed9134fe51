import { hash } from 'node:crypto';
import type { Hash } from '#shared/kernel/ids.ts';
import type { ServerRandom } from './ports.ts';

/** 32 random bytes, base64url. Only its hash is stored. */
export const newToken = (random: ServerRandom): string =>
  Buffer.from(random.bytes(32)).toString('base64url');

/**
 * What is stored of a token or a one-time code. No salt is needed: tokens are 256 random bits. A look-up
 * by hash also takes the same time whatever part of a guess is right.
 */
export const tokenHash = (token: string): Hash => hash('sha256', token, 'hex');

/** People type codes with spaces, dashes and small letters. */
export const normaliseCode = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '');

/** No letters and digits that look alike (0 O, 1 I L, U V). */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTWXYZ';

/** A code that a person can read aloud and type: `length` characters in groups of four. */
export const readableCode = (random: ServerRandom, length: number): string => {
  const picked: string[] = [];
  while (picked.length < length) {
    for (const byte of random.bytes(length)) {
      // Bytes past the last whole multiple would favour the first letters.
      if (byte < 232 && picked.length < length) picked.push(ALPHABET.charAt(byte % 29));
    }
  }
  return picked.join('').replace(/(.{4})(?=.)/g, '$1-');
};
