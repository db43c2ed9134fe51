/**
 * How often everything is tried, against the few times that every run of the tests has: `FUZZ_TIMES=50 npm test -- fuzz` is
 * more than a hundred thousand messages in the pages. The seed is fixed, so that a run can be had again; `FUZZ_SEED` is another.
 */
const TIMES = Number(process.env.FUZZ_TIMES ?? 1);
export const SEED = Number(process.env.FUZZ_SEED ?? 20_261_130);

/** @param usual how many in every run of the tests, at least one. */
export const amount = (usual: number): number => Math.max(1, Math.round(usual * TIMES));

/** For the name of a test and what it fails with: which run it was. */
export const RUN = `seed ${SEED}, times ${TIMES}`;

/** Time for what takes so long in every run of the tests, ms. */
export const patience = (usual: number): number => 60_000 + usual * Math.max(1, TIMES);
