import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import { replayIncidents } from '#shared/attempt/replay.ts';
import { verifyChain } from '#shared/chain/verify.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { nodeDigest, nodeSignatures } from '#tools/offline-crypto.ts';

/** What the demo prints and writes. Times in ms since the camera's first frame. */
export interface Summary {
  readonly incidents: readonly {
    readonly kind: string;
    readonly startedMs: number;
    /** What was still going on at the end lasted until the end. */
    readonly endedMs: number;
    readonly counted: boolean;
  }[];
  readonly copyAttempts: number;
  /** The attempt's phase at the end: `in-progress`, `closed`, … */
  readonly attemptState: string;
  /** Who or what closed it; null while it is open. */
  readonly closedBy: string | null;
  readonly ledger: {
    readonly entries: number;
    readonly valid: boolean;
    readonly serverHasAll: boolean;
  };
  /** From the fact in the kiosk to the pixel on the dashboard; null without incidents. */
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null };
  readonly externalRequests: number;
  readonly screenshots: readonly string[];
}

export interface Measured {
  readonly kiosk: readonly LedgerEntry[];
  readonly server: readonly LedgerEntry[];
  readonly publicKey: string;
  /** ms since 1970 */
  readonly cameraStartedAt: number;
  readonly endedAt: number;
  readonly paintedAt: Readonly<Record<string, number>>;
  readonly externalRequests: number;
  readonly screenshots: readonly string[];
}

const percentile = (values: readonly number[], fraction: number): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * fraction) - 1)];
  return value === undefined ? null : Math.round(value);
};

/** Exam time to wall time: the entry that began the exam knows both. */
const wallClock = (entries: readonly LedgerEntry[]): ((t: number) => number) => {
  const anchor = entries.find((entry) => entry.type === 'exam-started') ?? entries[0];
  return (t) => (anchor === undefined ? t : anchor.wall + (t - anchor.t));
};

/** Judges a run by what is really stored on both sides. */
export const summarise = async (run: Measured): Promise<Summary> => {
  const wall = wallClock(run.kiosk);
  const state = run.kiosk.reduce(applyEntry, EMPTY_ATTEMPT);
  const sinceCamera = (at: number): number => Math.max(0, Math.round(at - run.cameraStartedAt));
  const chain = await verifyChain(run.server, {
    digest: nodeDigest,
    signatures: nodeSignatures,
    publicKey: run.publicKey,
  });
  const latencies = state.incidents
    .map((incident) => (run.paintedAt[incident.id] ?? Number.NaN) - wall(incident.openedT))
    .filter((latency) => Number.isFinite(latency));
  return {
    incidents: state.incidents.map((incident) => ({
      kind: incident.kind,
      startedMs: sinceCamera(wall(incident.startedT)),
      endedMs: sinceCamera(incident.endedT === null ? run.endedAt : wall(incident.endedT)),
      counted: incident.counted,
    })),
    copyAttempts: state.copyAttempts,
    attemptState: state.phase,
    closedBy: state.closedBy,
    ledger: {
      entries: run.kiosk.length,
      valid: chain.valid && replayIncidents(run.server).ok,
      serverHasAll:
        run.kiosk.length > 0 &&
        run.kiosk.length === run.server.length &&
        run.kiosk.every((entry, i) => entry.hash === run.server[i]?.hash),
    },
    latencyMs: { p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95) },
    externalRequests: run.externalRequests,
    screenshots: run.screenshots,
  };
};
