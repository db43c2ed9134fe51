import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { Still } from '#shared/kiosk/camera/stills.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { RoomScanView } from '#shared/ports/kiosk-host.port.ts';
import { FACTS, type FactData } from '#shared/wire/facts.ts';
import type { AttemptCore } from './attempt-core.ts';

/** How long nobody may do anything before it counts as not shown, ms. */
const ASKED_MS = 120_000;
/** A slow turn of the camera, ms, and the pictures taken meanwhile. */
const SCAN_MS = 24_000;
const PICTURES = 12;
const BETWEEN_MS = SCAN_MS / PICTURES;
/** A camera that stumbled gets this much longer, ms. */
const LATE_MS = 12_000;

type Scanned = FactData<'room-scanned'>;

/** What a screen shows of it; `endsT` in exam time. */
export type RoomScanStanding = Omit<RoomScanView, 'endsAt'> & { readonly endsT: ExamTime };

/** The view of the room that a proctor asked for (Art. 26f). The exam stands still meanwhile. */
export interface RoomScan {
  standing(): RoomScanStanding | null;
  /** @returns `not-in-this-stage` when none is asked for. Again while it runs: nothing. */
  begin(): Promise<Result<null, Problem>>;
  refuse(): Promise<Result<null, Problem>>;
  still(still: Still): void;
  /** To be called some times a second. */
  tick(t: ExamTime): void;
}

/** What a refused view leads to: for people to judge (RULES: review). */
const refusalOf = ({ commandId, outcome }: Scanned, t: ExamTime) =>
  ({
    kind: 'room-scan-refused',
    phase: 'happened',
    t,
    facts: { outcome, request: commandId },
  }) as const;

/**
 * The last view that was not given and whose observation the program died before writing; null when there is none.
 * @param entries the attempt's, in order.
 */
export const owedRefusal = (entries: readonly LedgerEntry[]): Scanned | null => {
  const at = entries.findLastIndex(({ type }) => type === 'room-scanned');
  const scanned = check(FACTS['room-scanned'], entries[at]?.data);
  if (at < 0 || !scanned.ok || scanned.value.outcome === 'shown') return null;
  const told = entries
    .slice(at)
    .some(({ type, data }) => type === 'observation' && data.kind === 'room-scan-refused');
  return told ? null : scanned.value;
};

/** In a turn, while the exam runs: states what `owedRefusal` found. */
export const stateRefusal = (core: AttemptCore, scanned: Scanned): Promise<void> =>
  core.judgeNow(refusalOf(scanned, core.clock.now()));

export const createRoomScan = (core: AttemptCore, onChange: () => void): RoomScan => {
  type Asked = NonNullable<AttemptState['roomScanAsked']>;
  /** Nobody can answer a question that a dead program does not show: the time begins anew with the program. */
  const openedT = core.clock.now();
  let run: {
    readonly commandId: string;
    readonly startedT: ExamTime;
    readonly pictures: readonly Still[];
  } | null = null;
  /** Since when this request waits again, after a run without a single picture. */
  let again: { readonly commandId: string; readonly t: ExamTime } | null = null;
  let settling: string | null = null;

  const asked = (): Asked | null => core.state().roomScanAsked;
  const runOf = ({ commandId }: Asked) => (run?.commandId === commandId ? run : null);
  const askedEndsT = ({ commandId, t }: Asked): ExamTime =>
    Math.max(t, openedT, again?.commandId === commandId ? again.t : 0) + ASKED_MS;

  /** In a turn: puts on record how it went and lets the exam go on. */
  const settle = async (request: Asked, outcome: Scanned['outcome']): Promise<void> => {
    if (asked()?.commandId !== request.commandId) return;
    const evidence = await core.stills.store(runOf(request)?.pictures ?? []);
    const { commandId } = request;
    const data: Scanned = { commandId, outcome, evidence: [...evidence] };
    const before = core.state().phase;
    const { t } = await core.writer.write('room-scanned', data);
    run = null;
    if (before !== 'in-progress' && core.state().phase === 'in-progress') await core.run(t);
    if (outcome !== 'shown' && core.state().phase === 'in-progress') {
      await core.judgeNow(refusalOf(data, t));
    }
    onChange();
  };

  const settleSoon = (request: Asked, outcome: Scanned['outcome']): void => {
    if (settling === request.commandId) return;
    settling = request.commandId;
    core.spawn(async () => {
      try {
        await core.settle();
        await settle(request, outcome);
      } finally {
        settling = null;
      }
    });
  };

  return {
    standing: () => {
      const request = asked();
      if (request === null) return null;
      const { reason, from } = request;
      const going = runOf(request);
      return {
        stage: going === null ? 'asked' : 'running',
        reason,
        from,
        taken: going?.pictures.length ?? 0,
        wanted: PICTURES,
        endsT: going === null ? askedEndsT(request) : going.startedT + SCAN_MS,
      };
    },
    begin: () =>
      core.turn(async () => {
        const request = asked();
        if (request === null) return fail({ code: 'not-in-this-stage' });
        if (runOf(request) === null) {
          run = { commandId: request.commandId, startedT: core.clock.now(), pictures: [] };
        }
        return ok(null);
      }),
    refuse: () =>
      core.turn(async () => {
        const request = asked();
        if (request === null) return fail({ code: 'not-in-this-stage' });
        await core.settle();
        await settle(request, 'refused');
        return ok(null);
      }),
    still: (still) => {
      const request = asked();
      const going = request === null ? null : runOf(request);
      if (going === null || going.pictures.length >= PICTURES) return;
      const dueT = going.startedT + going.pictures.length * BETWEEN_MS;
      if (still.t < dueT) return;
      run = { ...going, pictures: [...going.pictures, still] };
      onChange();
    },
    tick: (t) => {
      const request = asked();
      if (request === null) return;
      const going = runOf(request);
      if (going === null) {
        if (t > askedEndsT(request)) settleSoon(request, 'timed-out');
        return;
      }
      const { length } = going.pictures;
      const overT = going.startedT + SCAN_MS;
      if (t < overT || (length < PICTURES && t < overT + LATE_MS)) return;
      if (length > 0) return settleSoon(request, 'shown');
      // Not one picture came: the camera's fault, and asked again rather than held against anybody.
      run = null;
      again = { commandId: request.commandId, t };
      onChange();
    },
  };
};
