import { RIGHTS, type Right } from '#shared/wire/roles.ts';
import type { Job } from './jobs.ts';
import type { App } from './typed.ts';

/** What a feature brings to the server. `app.ts` folds features and knows nothing else of them. */
export interface FeatureParts {
  /** The rights that its routes ask for; each right belongs to one feature. */
  readonly rights?: readonly Right[];
  /** Declares its routes and sockets. */
  readonly routes?: (app: App) => void | Promise<void>;
  /** What it does from time to time, once everything is started. */
  readonly jobs?: readonly Job[];
  /** What has to be read or resumed before the first request; the lowest feature first. */
  readonly start?: () => void | Promise<void>;
  /** Waits for what is under way and lets go; the highest feature first. */
  readonly stop?: () => void | Promise<void>;
}

export type Feature = FeatureParts & { readonly name: string };

/** A feature that could not start, by name; the reason is the cause. */
export class FeatureError extends Error {
  constructor(name: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`feature ${name} could not start: ${reason}`, { cause });
    this.name = 'FeatureError';
  }
}

/** @throws FeatureError naming the feature when `step` throws. */
export const named = async <T>(name: string, step: () => T | Promise<T>): Promise<T> => {
  try {
    return await step();
  } catch (cause) {
    throw cause instanceof FeatureError ? cause : new FeatureError(name, cause);
  }
};

/**
 * A feature by name. What `make` returns besides its parts is what features above it may use.
 * @param make builds the feature from its adapters and the features below it; it does no input or output.
 */
export const feature =
  <Deps, Parts extends FeatureParts>(name: string, make: (deps: Deps) => Parts) =>
  (deps: Deps): Promise<Parts & { readonly name: string }> =>
    named(name, () => ({ ...make(deps), name }));

/** @throws Error unless each right of the table belongs to exactly one feature. */
export const checkRights = (features: readonly Feature[]): void => {
  for (const right of RIGHTS) {
    const owners = features.filter(({ rights }) => rights?.includes(right));
    if (owners.length === 1) continue;
    const names = owners.map(({ name }) => name).join(', ');
    throw new Error(`the right ${right} belongs to ${names === '' ? 'no feature' : names}`);
  }
};
