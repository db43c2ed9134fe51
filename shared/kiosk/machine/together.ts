import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Signal } from '#shared/ports/sensor.port.ts';

/** What several sensors say of one kind, made one account of it. */
export interface Together<Who> {
  /** @returns what is to be stated; null where nothing new was said. */
  say(who: Who, signal: Signal): Signal | null;
  /** Nobody says anything any more. */
  forget(): void;
}

/** What one sensor said to last: the things that it named, none where the kind is a state of its own (the focus is lost). */
type Holders<Who> = Map<Who, Set<string>>;

/**
 * A kind lasts from the first sensor that says so to the last that takes it back, and no statement is lost meanwhile:
 *
 * - what a second sensor says to begin goes on record beside the first, as another witness of what lasts already;
 * - where both name what they mean and it is not the same thing (a second program beside the first, Art. 29a), it is an
 *   act of its own that happens meanwhile, as when one sensor finds both (`polledSensor`).
 */
export const createTogether = <Who>(): Together<Who> => {
  const lasting = new Map<IncidentKind, Holders<Who>>();

  const begins = (who: Who, signal: Signal): Signal | null => {
    const { kind, thing } = signal;
    const holders: Holders<Who> = lasting.get(kind) ?? new Map();
    lasting.set(kind, holders);
    if (holders.has(who)) return null;
    const named = [...holders.values()];
    holders.set(who, new Set(thing === undefined ? [] : [thing]));
    const another =
      thing !== undefined &&
      named.length > 0 &&
      named.every((things) => things.size > 0 && !things.has(thing));
    return another ? { ...signal, phase: 'happened' } : signal;
  };

  return {
    say: (who, signal) => {
      const { kind, phase, thing } = signal;
      if (phase === 'began') return begins(who, signal);
      const holders = lasting.get(kind);
      if (phase === 'ended') {
        if (holders?.delete(who) !== true) return null;
        return holders.size > 0 ? null : signal;
      }
      if (thing !== undefined) holders?.get(who)?.add(thing);
      return signal;
    },
    forget: () => lasting.clear(),
  };
};
