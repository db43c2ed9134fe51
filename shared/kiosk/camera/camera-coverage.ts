import { needsCamera } from '#shared/incident/catalogue.ts';
import type { Coverage, CoverageByKind } from '#shared/incident/coverage.ts';
import { INCIDENT_KINDS, type IncidentKind } from '#shared/incident/kind.ts';

/** What the examinee's camera is good for right now, as the page's samples and captures show. */
export interface CameraSight {
  /** Whether faces can be found. `failed`: the worker or a model is broken; the track itself is still seen. */
  readonly faces: 'ok' | 'failed';
  /** Whether an object model looks. Off unless the institution put one there. */
  readonly objects: boolean;
  /** `by-hand`: no face is compared in this room. `failed`: captures come without a descriptor, or not at all. */
  readonly identity: 'by-hand' | 'ok' | 'failed';
}

/** What is known of a camera without looking into its picture. */
const WITHOUT_MODELS: ReadonlySet<IncidentKind> = new Set(['camera-off', 'virtual-camera']);

const FAILED: Coverage = { level: 'not-watched', reason: 'sensor-failed' };

/**
 * The host's coverage with what its camera cannot see now: the room must be told what nobody watches, above all
 * when the program's own models fail.
 */
export const withCamera = (coverage: CoverageByKind, sight: CameraSight): CoverageByKind => {
  const of = (kind: IncidentKind): Coverage | undefined => {
    if (kind === 'prohibited-object')
      return sight.objects && sight.faces === 'ok'
        ? { level: 'detected' }
        : { level: 'not-watched', reason: 'no-model' };
    if (kind === 'identity-mismatch') {
      if (sight.identity === 'by-hand') return { level: 'not-watched', reason: 'by-hand' };
      return sight.identity === 'ok' && sight.faces === 'ok' ? { level: 'detected' } : FAILED;
    }
    const present = coverage[kind];
    if (sight.faces === 'ok' || !needsCamera(kind) || WITHOUT_MODELS.has(kind)) return present;
    return present?.level === 'not-watched' ? present : FAILED;
  };
  return Object.fromEntries(
    INCIDENT_KINDS.flatMap((kind): [IncidentKind, Coverage][] => {
      const found = of(kind);
      return found === undefined ? [] : [[kind, found]];
    }),
  );
};
