/**
 * Why there is no connection to the server, as far as whoever asked can know. Each has its sentences in the locales
 * (`connection.json`): what it is, what the person in front of the machine does, what a technician looks at.
 */
export const CONNECTION_CAUSES = [
  /** The machine is in no network. */
  'no-network',
  /** The network does not know the server's name. */
  'name',
  /** The address answers and takes no connection. */
  'refused',
  /** Nobody answered in time. */
  'timeout',
  /** A connection that stood was cut before the answer was whole. */
  'cut',
  /** The certificate is of nobody whom this machine trusts. */
  'certificate',
  /** Not good today: expired, or not yet good; often the machine's own clock. */
  'certificate-date',
  /** Of another server. */
  'certificate-name',
  /** No secure connection came about; the certificate was never seen or is not why. */
  'tls',
  /** A proxy does not let this machine through. */
  'proxy',
  /** Something in between says that the server behind it does not answer. */
  'gateway',
  /** Whoever answered is not the server: a network that asks for its own sign-in, another program. */
  'stranger',
  /** This machine itself forbids it: a firewall, a policy. */
  'blocked',
  'unknown',
] as const;
export type ConnectionCause = (typeof CONNECTION_CAUSES)[number];

export const isConnectionCause = (cause: unknown): cause is ConnectionCause =>
  CONNECTION_CAUSES.some((known) => known === cause);

/** Characters of a detail: for technicians, in English, as the system or the library says it. */
export const MAX_FAULT_DETAIL = 300;

export interface ConnectionFault {
  readonly cause: ConnectionCause;
  /** Never longer than `MAX_FAULT_DETAIL`; '' when nothing more is known. */
  readonly detail: string;
}

/** @param detail of any length; control characters and line ends become spaces. */
export const connectionFault = (cause: ConnectionCause, detail = ''): ConnectionFault => ({
  cause,
  detail: detail
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_FAULT_DETAIL),
});

/** Thrown by whoever carries a request when no whole answer came. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly fault: ConnectionFault;
  constructor(fault: ConnectionFault) {
    super(`${fault.cause}: ${fault.detail}`);
    this.fault = fault;
  }
}
