import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Facts } from '#shared/incident/observation.ts';
import type { Limits, Sensor, SensorTells, Signal } from '#shared/ports/sensor.port.ts';

/** Something that is so right now. */
export interface Finding {
  readonly kind: IncidentKind;
  /** What makes it the same thing in the next look: a program's id, a device's path. Unique in one look for its kind. */
  readonly key: string;
  readonly facts: Facts;
  /** For how long it has been so, if the system tells, ms. */
  readonly ageMs?: number;
}

/** What one look found. */
export interface Seen {
  readonly findings: readonly Finding[];
  /** What could not be looked at, or only in part; absent for all of it. */
  readonly limits?: Limits;
  /**
   * Which findings of before could not be looked at this time: they are neither gone nor new, so that a tool that
   * fails once does not make one act two. None when absent.
   */
  unseen?(before: Finding): boolean;
}

export interface PolledSensorOptions {
  readonly id: string;
  readonly watches: readonly IncidentKind[];
  /** From the end of one look to the start of the next, ms. */
  readonly everyMs: number;
  /** A look that takes longer is abandoned: its signal is aborted and what it says is not heard, ms. */
  readonly timeoutMs: number;
  /**
   * What appears or disappears is stated only when a second look after so long says the same, dated back
   * to the first: a listing that misses a program for a moment is no second act. What the system itself says
   * to be older needs no second look to begin. 0 (the default) believes at once. ms.
   */
  readonly confirmMs?: number;
  /** Looks once. Must end what it started (child processes) when `signal` aborts. May reject. */
  look(signal: AbortSignal): Promise<Seen>;
  /**
   * For sensors that are also told by the system: called at the start, returns how to end it.
   * @param nudge asks for a look at once.
   */
  open?(nudge: () => void): () => void;
  readonly check?: Sensor['check'];
}

/** Nudges come in swarms (a window that opens sends five events): so long at least between two looks, ms. */
const NUDGE_MS = 250;

interface Known {
  readonly finding: Finding;
  /** Whether the sensor has stated it. */
  readonly stated: boolean;
  /** When it was first seen, or first missed, and that is not yet confirmed. */
  readonly sinceMs: number | null;
}

const idOf = ({ kind, key }: Finding): string => `${kind}\n${key}`;

/**
 * What `known` becomes with the next look, and what has to be said. Ends before beginnings.
 * @param lookedMs when the look before was: nothing new is older than that, whatever its age.
 */
const compare = (
  known: ReadonlyMap<string, Known>,
  findings: readonly Finding[],
  nowMs: number,
  lookedMs: number,
  confirmMs: number,
  unseen: (before: Finding) => boolean,
): { readonly next: ReadonlyMap<string, Known>; readonly signals: readonly Signal[] } => {
  const next = new Map<string, Known>();
  const appeared: [Finding, number][] = [];
  const vanished: [Finding, number][] = [];
  const sure = (sinceMs: number): boolean => nowMs - sinceMs >= confirmMs;
  for (const finding of findings) {
    const before = known.get(idOf(finding));
    const { ageMs = 0 } = finding;
    const sinceMs =
      before?.stated === true ? null : (before?.sinceMs ?? Math.max(nowMs - ageMs, lookedMs));
    const stated = sinceMs === null || sure(sinceMs) || ageMs >= confirmMs;
    if (sinceMs !== null && stated) appeared.push([finding, nowMs - sinceMs]);
    next.set(idOf(finding), { finding, stated, sinceMs: stated ? null : sinceMs });
  }
  for (const [id, before] of known) {
    if (next.has(id)) continue;
    if (unseen(before.finding)) {
      next.set(id, before);
      continue;
    }
    if (!before.stated) continue;
    const sinceMs = before.sinceMs ?? nowMs;
    if (sure(sinceMs)) vanished.push([before.finding, nowMs - sinceMs]);
    else next.set(id, { ...before, sinceMs });
  }
  const signals: Signal[] = [];
  const kinds = new Set([...vanished, ...appeared].map(([{ kind }]) => kind));
  for (const kind of kinds) {
    const held = (of: ReadonlyMap<string, Known>) =>
      [...of.values()].filter(({ stated, finding }) => stated && finding.kind === kind).length;
    const news = appeared.filter(([finding]) => finding.kind === kind);
    const gone = vanished.filter(([finding]) => finding.kind === kind);
    const last = gone.at(-1);
    if (held(next) === 0 && last !== undefined) {
      signals.push({ kind, phase: 'ended', ageMs: last[1], facts: last[0].facts });
    }
    news.forEach(([{ key, facts }, ageMs], i) => {
      // The kind lasts already: another program beside the first is an act of its own, and must be named.
      const lasting = held(known) > 0 || i > 0;
      signals.push({ kind, phase: lasting ? 'happened' : 'began', ageMs, facts, thing: key });
    });
  }
  return { next, signals };
};

/**
 * A sensor that looks again and again. Never two looks at once. It says that it is alive after each look
 * that succeeded; one whose looks fail or hang falls silent, and is started anew by whoever watches it.
 * Sets of findings become facts: a kind `began` with the first, `ended` with the last, and what joins in
 * between `happened`.
 */
export const polledSensor = (options: PolledSensorOptions): Sensor => {
  const { everyMs, timeoutMs, confirmMs = 0 } = options;
  let stop: (() => void) | null = null;

  const watch = (emit: (signal: Signal) => void, tell: SensorTells): (() => void) => {
    const ended = new AbortController();
    let known: ReadonlyMap<string, Known> = new Map();
    let told = '{}';
    let timer: NodeJS.Timeout | undefined;
    let busy = false;
    let nudged = false;
    let lookedMs = Number.NEGATIVE_INFINITY;
    /** The last look that succeeded; what was so before the first has no beginning that we know. */
    let heardMs: number | null = null;

    const hear = ({ findings, limits = {}, unseen = () => false }: Seen): void => {
      tell.alive();
      const text = JSON.stringify(limits);
      if (text !== told) {
        told = text;
        tell.limited(limits);
      }
      const nowMs = performance.now();
      const before = heardMs ?? nowMs;
      const { next, signals } = compare(known, findings, nowMs, before, confirmMs, unseen);
      heardMs = nowMs;
      known = next;
      for (const signal of signals) if (!ended.signal.aborted) emit(signal);
    };

    const plan = (): void => {
      if (ended.signal.aborted) return;
      const doubtful = [...known.values()].some(({ sinceMs }) => sinceMs !== null);
      const waitMs = nudged ? NUDGE_MS : doubtful ? confirmMs : everyMs;
      nudged = false;
      timer = setTimeout(run, waitMs);
    };

    const run = (): void => {
      busy = true;
      lookedMs = performance.now();
      const abandon = new AbortController();
      const tooLong = setTimeout(() => abandon.abort(), timeoutMs);
      const signal = AbortSignal.any([ended.signal, abandon.signal]);
      new Promise<Seen>((resolve) => resolve(options.look(signal)))
        .then((seen) => {
          if (!signal.aborted) hear(seen);
        })
        // Silence is how it is told: whoever watches the sensor hears no beat.
        .catch(() => undefined)
        .finally(() => {
          clearTimeout(tooLong);
          busy = false;
          plan();
        });
    };

    const nudge = (): void => {
      if (ended.signal.aborted) return;
      if (busy) {
        nudged = true;
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(run, Math.max(0, lookedMs + NUDGE_MS - performance.now()));
    };

    const close = options.open?.(nudge);
    run();
    return () => {
      ended.abort();
      clearTimeout(timer);
      close?.();
    };
  };

  return {
    id: options.id,
    watches: options.watches,
    beatMs: everyMs + timeoutMs,
    start(emit, tell) {
      stop ??= watch(emit, tell);
    },
    stop() {
      stop?.();
      stop = null;
    },
    ...(options.check === undefined ? {} : { check: options.check }),
  };
};
