import type { Facts } from '#shared/incident/observation.ts';

const NAME = /^[a-z][A-Za-z0-9]{0,30}$/;
const LONGEST = 200;

/**
 * Makes a sensor's facts fit for the ledger: a window's title may be long or hold half a character,
 * and a fact must never be lost for that.
 */
export const cleanFacts = (facts: Facts): Facts =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]): [string, Facts[string]][] => {
      if (!NAME.test(name)) return [];
      if (typeof value === 'string') return [[name, value.slice(0, LONGEST).toWellFormed()]];
      if (typeof value === 'number' && !Number.isFinite(value)) return [];
      return [[name, value]];
    }),
  );
