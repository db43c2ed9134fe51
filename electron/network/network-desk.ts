import { failed, notSupported, toldOf } from '#shared/incident/reading.ts';
import type {
  MachineNetwork,
  NearbyNetwork,
  NetworkOutcome,
  NetworkRights,
} from '#shared/ports/machine-network.port.ts';
import type { NetworkTool } from './network-tool.port.ts';

/** A look at the networks around takes the radio some seconds; changing to one takes longer, ms. */
const LOOK_MS = 15_000;
const CHANGE_MS = 40_000;
/** More are no list that a person reads. */
const MOST_NEARBY = 20;

export interface NetworkDeskOptions {
  /** null where this system has no tool. */
  readonly tool: NetworkTool | null;
  readonly rights: NetworkRights;
  /** The machine may be in another network now. */
  readonly onChanged: () => void;
  /** Never a name or a password. */
  readonly log: (what: 'reconnect' | 'join', outcome: NetworkOutcome) => void;
}

/** What of the machine's network the screens may see and do; one change at a time. */
export const networkDesk = ({
  tool,
  rights,
  onChanged,
  log,
}: NetworkDeskOptions): MachineNetwork => {
  let changing = false;
  let shown: readonly NearbyNetwork[] = [];
  const mayChoose = rights === 'choose' && tool?.join != null;

  const change = async (
    what: 'reconnect' | 'join',
    task: (signal: AbortSignal) => Promise<NetworkOutcome>,
  ): Promise<NetworkOutcome> => {
    if (changing) return 'busy';
    changing = true;
    const signal = AbortSignal.timeout(CHANGE_MS);
    try {
      const outcome = await task(signal).catch((): NetworkOutcome => 'failed');
      const said = signal.aborted && outcome !== 'done' ? 'timeout' : outcome;
      log(what, said);
      return said;
    } finally {
      changing = false;
      onChanged();
    }
  };

  return {
    look: async () => {
      if (tool === null || rights === 'none') {
        return { rights: 'none', reading: notSupported('switched-off') };
      }
      const reading = await tool
        .look(mayChoose, AbortSignal.timeout(LOOK_MS))
        .catch(() => failed('tool-failed'));
      shown = mayChoose ? (toldOf(reading)?.nearby ?? []).slice(0, MOST_NEARBY) : [];
      return {
        rights: mayChoose ? 'choose' : 'reconnect',
        reading:
          'value' in reading ? { ...reading, value: { ...reading.value, nearby: shown } } : reading,
      };
    },
    reconnect: async () =>
      tool === null || rights === 'none' ? 'denied' : change('reconnect', tool.reconnect),
    join: async (name, password) => {
      if (!mayChoose) return 'denied';
      // Only what was on the screen: no name of a page's own reaches the system's tool.
      const network = shown.find((one) => one.name === name);
      if (network === undefined) return 'not-found';
      if (network.security === 'managed' && !network.known) return 'not-supported';
      return change(
        'join',
        (signal) => tool.join?.(network, password, signal) ?? Promise.resolve('denied'),
      );
    },
  };
};
