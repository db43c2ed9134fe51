/**
 * - `managed-kiosk`: ChromeOS runs this one program and nothing else, as the institution's policy says.
 * - `managed`: an account or device of the institution, with other windows possible.
 * - `chromeos`: ChromeOS that nobody manages, or that does not tell this page.
 * - `browser`: any other browser.
 */
export type SessionKind = 'managed-kiosk' | 'managed' | 'chromeos' | 'browser';

/** What the browser says about the session that the page runs in. */
export interface WebSession {
  readonly kind: SessionKind;
  /** The operating system, as the browser names it. */
  readonly system: string;
  /** Names that the institution gave to the device; null where it is not managed. */
  readonly assetId: string | null;
  readonly hostname: string | null;
  readonly serial: string | null;
  /** What policy gives to this page (`ManagedConfigurationPerOrigin`): unchecked. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** The Managed Device Web API; its promises reject where the policy does not trust this page. */
interface ManagedDevice {
  getAnnotatedAssetId?(): Promise<string | null>;
  getHostname?(): Promise<string | null>;
  getSerialNumber?(): Promise<string | null>;
  getManagedConfiguration?(keys: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
}

/** What of the browser is asked; a test gives its own. */
export interface SessionSource {
  readonly userAgent: string;
  readonly platform: string;
  readonly userAgentData?: { readonly platform: string };
  readonly managed?: ManagedDevice;
  /** The page had the whole screen before it asked for it. */
  readonly fillsTheScreen: boolean;
}

/** Keys that the page reads of its managed configuration. */
const MANAGED_KEYS = ['enrolCode', 'enrolCodes', 'deviceName'] as const;

/** A browser that does not answer must not hold the start up, ms. */
const PATIENCE_MS = 1_500;

const REFUSED = Symbol('refused');

const within = <T>(call: Promise<T> | undefined): Promise<T | typeof REFUSED> =>
  call === undefined
    ? Promise.resolve(REFUSED)
    : Promise.race([
        call.catch((): typeof REFUSED => REFUSED),
        new Promise<typeof REFUSED>((resolve) => setTimeout(resolve, PATIENCE_MS, REFUSED)),
      ]);

const text = (value: string | null | typeof REFUSED): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/**
 * Reads the kind of session. Only what the browser itself states counts: a policy that lets this page read
 * the device's attributes exists only on managed devices, and only a kiosk session starts a page with the
 * whole screen on them.
 */
export const readWebSession = async (source: SessionSource): Promise<WebSession> => {
  const { managed } = source;
  const [assetId, hostname, serial, configuration] = await Promise.all([
    within(managed?.getAnnotatedAssetId?.()),
    within(managed?.getHostname?.()),
    within(managed?.getSerialNumber?.()),
    within(managed?.getManagedConfiguration?.([...MANAGED_KEYS])),
  ]);
  const trusted = [assetId, hostname, serial].some((answer) => answer !== REFUSED);
  const system = source.userAgentData?.platform || source.platform;
  const chromeOs = /^Chrom(e|ium) ?OS$/i.test(system) || /\bCrOS\b/.test(source.userAgent);
  const kind: SessionKind = !chromeOs
    ? 'browser'
    : !trusted
      ? 'chromeos'
      : source.fillsTheScreen
        ? 'managed-kiosk'
        : 'managed';
  return {
    kind,
    system,
    assetId: text(assetId),
    hostname: text(hostname),
    serial: text(serial),
    configuration: typeof configuration === 'object' && configuration !== null ? configuration : {},
  };
};

/** The session of this page, as it was loaded: to be asked before the page takes the screen itself. */
export const presentWebSession = (fillsTheScreen: boolean): Promise<WebSession> => {
  const agent = navigator as Navigator & Pick<SessionSource, 'userAgentData' | 'managed'>;
  return readWebSession({
    userAgent: agent.userAgent,
    platform: agent.platform,
    fillsTheScreen,
    ...(agent.userAgentData === undefined ? {} : { userAgentData: agent.userAgentData }),
    ...(agent.managed === undefined ? {} : { managed: agent.managed }),
  });
};

/** Nobody takes one for another when it is read aloud: no vowels, no 0, 1, 5, 8. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ234679';

/**
 * The name that enrolment proposes: the institution's own names first, else the system's with four letters of its own,
 * since a room of thirty browsers that are all called alike tells a technician nothing.
 * @param random evenly spread, 0 to below 1; called once for each letter.
 */
export const sessionDeviceName = (
  session: WebSession,
  random: () => number = Math.random,
): string => {
  const { deviceName } = session.configuration;
  const given = typeof deviceName === 'string' ? deviceName.trim() : '';
  const name = given || session.assetId || session.hostname || session.serial;
  if (name !== null && name !== '') return name.slice(0, 80);
  const own = Array.from({ length: 4 }, () => LETTERS[Math.floor(random() * LETTERS.length)]);
  return `${session.system.slice(0, 60) || 'Web'} ${own.join('')}`;
};

/**
 * The enrolment code that policy has for this device: one for all, or a table by asset number, host name or
 * serial number. Null when there is none.
 */
export const sessionEnrolCode = (session: WebSession): string | null => {
  const { enrolCode, enrolCodes } = session.configuration;
  const fits = (code: unknown): code is string =>
    typeof code === 'string' && code.length >= 4 && code.length <= 40;
  if (fits(enrolCode)) return enrolCode;
  if (typeof enrolCodes !== 'object' || enrolCodes === null) return null;
  const names = [session.assetId, session.hostname, session.serial].map((name) =>
    name?.toLowerCase(),
  );
  const found = Object.entries(enrolCodes).find(([name]) => names.includes(name.toLowerCase()));
  return fits(found?.[1]) ? found[1] : null;
};
