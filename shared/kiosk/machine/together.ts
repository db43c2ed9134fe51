import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Signal } from '#shared/ports/sensor.port.ts';

/** What several sensors say of one kind, made one account of it. */
export interface Together<Who> {
  /** @returns what is to be stated; null where nothing new was said. */
  say(who: Who, signal: Signal): Signal | null;
  /** Nobody says anything any more. */
  forget(): void;
}

/** What one sensor said to last. */
interface Holder {
  /** Whether it names what it means; where the kind is a state of its own (the focus is lost) it does not. */
  readonly names: boolean;
  /** The things that it named, as far as nobody said since that one of them is new. */
  readonly things: Set<string>;
}
type Holders<Who> = Map<Who, Holder>;

/**
 * A kind lasts from the first sensor that says so to the last that takes it back, and no statement is lost meanwhile:
 *
 * - what a second sensor says to begin goes on record beside the first, as another witness of what lasts already;
 * - where both name what they mean and it is not the same thing (a second program beside the first, Art. 29a), it is an
 *   act of its own that happens meanwhile, as when one sensor finds both (`polledSensor`);
 * - what one says to happen meanwhile of a thing that another one has named already is that same act, seen by a second
 *   witness; said again by a sensor that named it before, it went and came back, and is a new one.
 */
export const createTogether = <Who>(): Together<Who> => {
  const lasting = new Map<IncidentKind, Holders<Who>>();

  const begins = (who: Who, signal: Signal): Signal | null => {
    const { kind, thing } = signal;
    const holders: Holders<Who> = lasting.get(kind) ?? new Map();
    lasting.set(kind, holders);
    if (holders.has(who)) return null;
    const others = [...holders.values()];
    holders.set(who, {
      names: thing !== undefined,
      things: new Set(thing === undefined ? [] : [thing]),
    });
    const another =
      thing !== undefined &&
      others.length > 0 &&
      others.every(({ names, things }) => names && !things.has(thing));
    return another ? { ...signal, phase: 'happened' } : signal;
  };

  /** While the kind lasts: a new act, or another witness of one that was named. */
  const happens = (who: Who, signal: Signal, thing: string, holders: Holders<Who>): Signal => {
    const own = holders.get(who)?.things;
    const others = [...holders].flatMap(([one, { things }]) => (one === who ? [] : [things]));
    if (own?.has(thing) === true) {
      // The others named the one from before: they are to be witnesses of this one.
      for (const things of others) things.delete(thing);
      return signal;
    }
    own?.add(thing);
    return others.some((things) => things.has(thing)) ? { ...signal, phase: 'began' } : signal;
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
      if (thing === undefined || holders === undefined) return signal;
      return happens(who, signal, thing, holders);
    },
    forget: () => lasting.clear(),
  };
};
