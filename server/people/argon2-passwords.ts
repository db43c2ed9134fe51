import { hash, type Options, verify } from '@node-rs/argon2';
import type { Passwords } from './ports.ts';

/** Argon2id with OWASP's first recommendation: 19 MiB, two passes, one lane. */
const STRENGTH: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** @param strength weaker settings make tests quick; never used by `main.ts`. */
export const argon2Passwords = (strength: Options = STRENGTH): Passwords => ({
  hash: (plain) => hash(plain, strength),
  verify: async (stored, plain) => {
    try {
      return await verify(stored, plain);
    } catch {
      return false;
    }
  },
});
