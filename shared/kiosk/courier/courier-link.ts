import type { AttemptId } from '#shared/kernel/ids.ts';
import { check } from '#shared/kernel/schema.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import {
  HEARTBEAT_MS,
  type KioskToServer,
  type LiveState,
  PROTOCOL,
  type ServerToKiosk,
  ServerToKioskSchema,
} from '#shared/wire/kiosk-socket.ts';

/** A connection that stays silent for so long is taken as dead, ms. */
const SILENCE_MS = 3 * HEARTBEAT_MS;

/** One live connection, from `hello` to its end: messages in order, heartbeats, dead-link detection. */
export interface CourierLink {
  send(message: KioskToServer): void;
  /** Sends a heartbeat now and every `HEARTBEAT_MS` from now on. */
  beat(): void;
  close(): void;
}

export interface CourierLinkOptions {
  readonly deps: Pick<EngineDeps, 'clock' | 'scheduler' | 'live' | 'log'>;
  readonly attemptId: AttemptId;
  readonly token: string;
  readonly live: () => LiveState;
  /** Whether entries are under way: their acknowledgement must come within `SILENCE_MS` too. */
  readonly waitsForAck: () => boolean;
  readonly onMessage: (message: ServerToKiosk, link: CourierLink) => Promise<void>;
  /** @param isPing the answer to a heartbeat, not to the hello. */
  readonly onTime: (serverTime: EpochMs, roundTripMs: number, isPing: boolean) => void;
  /** Exactly once. */
  readonly onClosed: () => void;
}

export const openCourierLink = (options: CourierLinkOptions): CourierLink => {
  const { deps } = options;
  const startedAt = deps.clock.monotonicMs();
  let closed = false;
  let lastHeard = startedAt;
  let lastAck = startedAt;
  let helloAt = startedAt;
  let stopBeating = (): void => undefined;
  let inbox: Promise<void> = Promise.resolve();
  /** Heartbeats under way: what they carry as wall time -> when they left, monotonic. */
  const pings = new Map<EpochMs, number>();

  const send = (message: KioskToServer): void => {
    if (!closed) connection.send(message);
  };

  const heartbeat = (): void => {
    const now = deps.clock.monotonicMs();
    if (!options.waitsForAck()) lastAck = now;
    if (now - Math.min(lastHeard, lastAck) >= SILENCE_MS) {
      deps.log('warn', 'connection is silent');
      link.close();
      return;
    }
    const sentAt = Math.max(0, Math.round(deps.clock.wallMs()));
    pings.set(sentAt, now);
    send({ type: 'heartbeat', sentAt, live: options.live() });
  };

  const heardTime = (message: ServerToKiosk): void => {
    const now = deps.clock.monotonicMs();
    if (message.type === 'welcome') options.onTime(message.serverTime, now - helloAt, false);
    if (message.type !== 'heartbeat-ack') return;
    const left = pings.get(message.sentAt);
    if (left === undefined) return;
    pings.clear();
    options.onTime(message.serverTime, now - left, true);
  };

  const closeOnce = (): void => {
    if (closed) return;
    closed = true;
    stopBeating();
    cancelPatience();
    options.onClosed();
  };

  const receive = (raw: unknown): void => {
    if (closed) return;
    const checked = check(ServerToKioskSchema, raw);
    if (!checked.ok) {
      deps.log('warn', 'message from the server does not fit', { path: checked.error.path });
      return;
    }
    const message = checked.value;
    lastHeard = deps.clock.monotonicMs();
    if (message.type === 'ack') lastAck = lastHeard;
    if (message.type === 'welcome') cancelPatience();
    heardTime(message);
    inbox = inbox
      .then(() => (closed ? undefined : options.onMessage(message, link)))
      .catch((failure: unknown) => {
        deps.log('error', 'message failed', { detail: String(failure) });
        link.close();
      });
  };

  const link: CourierLink = {
    send,
    beat: () => {
      stopBeating();
      heartbeat();
      if (!closed) stopBeating = deps.scheduler.every(HEARTBEAT_MS, heartbeat);
    },
    close: () => {
      if (closed) return;
      connection.close();
      // The port promises `onClose`, but a dead network may keep it waiting for minutes.
      closeOnce();
    },
  };
  const cancelPatience = deps.scheduler.after(SILENCE_MS, () => link.close());
  const connection = deps.live.open({
    // Also safe with a link that opens before `open` returns.
    onOpen: () => {
      void Promise.resolve().then(() => {
        helloAt = deps.clock.monotonicMs();
        const { token, attemptId } = options;
        send({ type: 'hello', protocol: PROTOCOL, token, attemptId });
      });
    },
    onMessage: receive,
    onClose: () => {
      void Promise.resolve().then(closeOnce);
    },
  });
  return link;
};
