import type { ServerClock } from '#server/platform/ports.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { Changed, RecordListener } from '#server/record/record-facts.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import type { Hash, SessionId } from '#shared/kernel/ids.ts';
import type { CommandView, IncidentView, ServerToDashboard, Tile } from '#shared/wire/dashboard.ts';
import type { BuildState } from '#shared/wire/devices.ts';
import { type EventWatch, watchEvents } from './event-watch.ts';
import { asDecided, commandView, incidentView, noticeView, tileOf } from './room-view.ts';
import { incidentPieces, pieceText } from './snapshot-pieces.ts';

/** What every entry changes of an attempt's state. */
const PLACE: ReadonlySet<keyof AttemptState> = new Set(['seq', 'hash', 't']);

/** Heartbeats of a room reach the dashboards at most this often, ms. */
const QUIET_FRAME_MS = 500;

export interface RoomSubscriber {
  /** @param text a `ServerToDashboard` message as JSON, made once for all who watch. */
  send(text: string): void;
  /** Resolves when most of what was sent has left, or the reader is gone. */
  drained?(): Promise<void>;
}

/** What the institution's list says of a kiosk's build. */
export type JudgeBuild = (build: Hash | null) => BuildState;

/** Its attempts stay in memory as long as somebody looks at them. */
interface WatchedRoom {
  readonly subscribers: Set<RoomSubscriber>;
  /** With the tile as the dashboards have it, JSON. */
  readonly attempts: Map<LiveAttempt, string>;
  readonly events: EventWatch;
}

interface Pending {
  readonly attempts: Set<LiveAttempt>;
  readonly incidents: Map<string, IncidentView>;
  readonly commands: Map<string, CommandView>;
}

/** Shows rooms to dashboards: a snapshot at first, then at most one frame per session and flush. */
export interface RoomHub extends Required<RecordListener> {
  /** Sends the snapshot and then every frame. Returns how to stop. */
  subscribe(sessionId: SessionId, subscriber: RoomSubscriber): Promise<() => void>;
  /** Notes what changed; it is sent with the turn's end, or at the end of this turn of the loop. */
  changed(attempt: LiveAttempt, what: Changed): void;
  /** Notes that only live values changed; sent within `QUIET_FRAME_MS`. */
  heard(attempt: LiveAttempt): void;
  /** Something outside the attempts changed that tiles show. */
  redraw(): void;
  /** The server's storage failed, or works again: told to everybody who watches anything. */
  storageChanged(): void;
  close(): void;
}

export interface RoomHubDeps {
  readonly registry: RegistryStore;
  readonly attempts: LiveAttempts;
  readonly judgeBuild: JudgeBuild;
  readonly storageFailed: () => boolean;
  readonly clock: ServerClock;
}

export const roomHub = (deps: RoomHubDeps): RoomHub => {
  const { registry, attempts, clock } = deps;
  const rooms = new Map<SessionId, WatchedRoom>();
  let pending = new Map<SessionId, Pending>();
  let soon: NodeJS.Immediate | null = null;
  let later: NodeJS.Timeout | null = null;

  const flush = (): void => {
    if (soon !== null) clearImmediate(soon);
    if (later !== null) clearTimeout(later);
    soon = null;
    later = null;
    const sending = pending;
    pending = new Map();
    for (const [sessionId, { attempts: changed, incidents, commands }] of sending) {
      const watched = rooms.get(sessionId);
      if (watched === undefined) continue;
      const tiles = [...changed].filter((attempt) => looksNew(watched, attempt)).map(tile);
      const roomEvents = watched.events.take();
      if (tiles.length + incidents.size + commands.size === 0 && roomEvents === null) continue;
      const frame: ServerToDashboard = {
        type: 'frame',
        serverTime: clock.now(),
        tiles,
        incidents: [...incidents.values()],
        commands: [...commands.values()],
        ...(roomEvents === null ? {} : { roomEvents: [...roomEvents] }),
      };
      const text = JSON.stringify(frame);
      for (const subscriber of watched.subscribers) subscriber.send(text);
    }
  };

  const serverText = (): string =>
    JSON.stringify({
      type: 'server',
      serverTime: clock.now(),
      storage: deps.storageFailed() ? 'failed' : 'ok',
    } satisfies ServerToDashboard);

  const tile = (attempt: LiveAttempt): Tile => tileOf(attempt, deps.judgeBuild(attempt.build));

  /**
   * Whether a tile differs from the one that the dashboards have. Most entries (observations, visits, checkpoints)
   * change nothing of it; which do, only the tile itself knows.
   */
  const looksNew = (watched: WatchedRoom, attempt: LiveAttempt): boolean => {
    const text = JSON.stringify(tile(attempt));
    const same = watched.attempts.get(attempt) === text;
    watched.attempts.set(attempt, text);
    return !same;
  };

  const note = (attempt: LiveAttempt): Pending | null => {
    const { sessionId } = attempt.registration;
    const watched = rooms.get(sessionId);
    if (watched === undefined) return null;
    if (!watched.attempts.has(attempt)) watched.attempts.set(attempt, '');
    const room = pendingOf(sessionId);
    room.attempts.add(attempt);
    return room;
  };

  const pendingOf = (sessionId: SessionId): Pending => {
    const known = pending.get(sessionId);
    if (known !== undefined) return known;
    const fresh = { attempts: new Set<LiveAttempt>(), incidents: new Map(), commands: new Map() };
    pending.set(sessionId, fresh);
    return fresh;
  };

  const watch = (sessionId: SessionId): WatchedRoom => {
    const events = watchEvents(() => {
      pendingOf(sessionId);
      soon ??= setImmediate(flush);
    });
    const watched: WatchedRoom = { subscribers: new Set(), attempts: new Map(), events };
    rooms.set(sessionId, watched);
    return watched;
  };

  const changed = (attempt: LiveAttempt, change: Changed): void => {
    const room = note(attempt);
    if (room === null) return;
    rooms.get(attempt.registration.sessionId)?.events.stir(attempt);
    for (const incident of change.incidents ?? []) {
      // Incidents are named by kind and start: unique within an attempt only.
      const key = `${attempt.registration.attemptId}/${incident.id}`;
      room.incidents.set(key, incidentView(attempt, asDecided(attempt, incident)));
    }
    for (const notice of change.notices ?? []) {
      room.incidents.set(notice.id, noticeView(attempt, notice));
    }
    for (const commandId of change.commands ?? []) {
      const command = attempt.commands.get(commandId);
      if (command !== undefined) room.commands.set(commandId, commandView(command));
    }
    soon ??= setImmediate(flush);
  };

  const noteLater = (attempt: LiveAttempt): void => {
    if (note(attempt) === null) return;
    later ??= setTimeout(flush, QUIET_FRAME_MS).unref();
  };

  /** The rest of a snapshot, beside the frames, as fast as the reader takes it. */
  const sendRest = async (
    { subscribers }: WatchedRoom,
    subscriber: RoomSubscriber,
    rest: ReturnType<typeof incidentPieces>,
  ): Promise<void> => {
    for (const piece of rest) {
      await subscriber.drained?.();
      if (!subscribers.has(subscriber)) return;
      subscriber.send(pieceText(piece, clock.now()));
    }
  };

  return {
    subscribe: async (sessionId, subscriber) => {
      const loaded = await attempts.loadAll(() => registry.registrationsOfSession(sessionId));
      // From here on nothing waits: no change falls between the snapshot and the first frame.
      flush();
      const watched = rooms.get(sessionId) ?? watch(sessionId);
      const [first = [], ...rest] = incidentPieces(loaded);
      const snapshot: ServerToDashboard = {
        type: 'snapshot',
        serverTime: clock.now(),
        sessionId,
        tiles: loaded.map(tile),
        incidents: first.map(([, view]) => view),
        commands: loaded.flatMap((attempt) => [...attempt.commands.values()].map(commandView)),
        roomEvents: [...watched.events.now(loaded)],
      };
      subscriber.send(JSON.stringify(snapshot));
      if (deps.storageFailed()) subscriber.send(serverText());
      watched.subscribers.add(subscriber);
      for (const attempt of loaded) watched.attempts.set(attempt, JSON.stringify(tile(attempt)));
      void sendRest(watched, subscriber, rest);
      return () => {
        watched.subscribers.delete(subscriber);
        if (watched.subscribers.size === 0 && rooms.get(sessionId) === watched) {
          rooms.delete(sessionId);
          watched.events.stop();
        }
      };
    },

    changed,
    committed: (attempt, what) => {
      if (what.commands.length > 0 || !onlyWentOn(what.before, attempt.state))
        changed(attempt, what);
      else noteLater(attempt);
    },
    turnEnded: () => {
      if (soon !== null) flush();
    },
    heard: noteLater,
    redraw: () => {
      for (const watched of rooms.values()) {
        for (const attempt of watched.attempts.keys()) changed(attempt, {});
      }
    },
    storageChanged: () => {
      const text = serverText();
      for (const { subscribers } of rooms.values()) {
        for (const subscriber of subscribers) subscriber.send(text);
      }
    },
    close: () => {
      for (const { events } of rooms.values()) events.stop();
      rooms.clear();
      flush();
    },
  };
};

/**
 * Whether a ledger only became longer, as it does by most entries (observations, visits, checkpoints): no tile needs
 * to be drawn for that in the same turn.
 */
const onlyWentOn = (before: AttemptState, after: AttemptState): boolean => {
  for (const name in after) {
    const member = name as keyof AttemptState;
    if (!PLACE.has(member) && before[member] !== after[member]) return false;
  }
  return true;
};
