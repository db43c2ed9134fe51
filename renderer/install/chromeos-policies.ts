/**
 * Policies that override `ScreenCaptureAllowed`, as Chrome's policy list says of it: whoever sets one for another site
 * of the institution opens the screen during the exam. They have to stay empty on exam devices.
 */
export const CAPTURE_EXCEPTIONS = [
  'ScreenCaptureAllowedByOrigins',
  'WindowCaptureAllowedByOrigins',
  'TabCaptureAllowedByOrigins',
  'SameOriginTabCaptureAllowedByOrigins',
  'MultiScreenCaptureAllowedForUrls',
] as const;

/** One group of policies: where the administrator finds it in the Google Admin console decides the grouping. */
export interface ChromeOsPolicies {
  /** Devices > Chrome > Apps and extensions > Kiosks: the app, and what only its session gets. */
  readonly kioskSession: Readonly<Record<string, unknown>>;
  /** What the page reads of its managed configuration; the codes stand for those of the institution. */
  readonly managedConfiguration: Readonly<Record<string, unknown>>;
}

/** The address of the kiosk's page, which is also its scope as an app. */
export const kioskAddress = (origin: string): string => `${origin}/kiosk/`;

/**
 * The policies of a ChromeOS kiosk session that shows this server's exam page and nothing else. Names and
 * values are those of the Chrome Enterprise policy list.
 * @param origin of the server, as in `https://exams.university.edu`.
 */
export const chromeOsPolicies = (origin: string): ChromeOsPolicies => {
  const { host } = new URL(origin);
  return {
    kioskSession: {
      // The exam's camera without a question; no microphone.
      VideoCaptureAllowedUrls: [origin],
      AudioCaptureAllowed: false,
      // The page learns asset number, host name and serial number: it shows that the session is managed, and
      // enrols the device under its own name.
      DeviceAttributesAllowedForOrigins: [origin],
      // All screens are listed, not only whether there is more than one.
      WindowManagementAllowedForUrls: [origin],
      // Nothing but the exam's server.
      URLBlocklist: ['*'],
      URLAllowlist: [host],
      NewWindowsInKioskAllowed: false,
      KioskTroubleshootingToolsEnabled: false,
      // A Chromebook that restarts without a network starts the page from its own copy.
      KioskWebAppOfflineEnabled: true,
      KeepFullscreenWithoutNotificationUrlAllowList: [host],
      // Captures, paper, inspectors.
      DisableScreenshots: true,
      ScreenCaptureAllowed: false,
      // Each of these lists gives back to its addresses what the line above takes, and the last one all screens at once.
      ...Object.fromEntries(CAPTURE_EXCEPTIONS.map((policy) => [policy, []])),
      PrintingEnabled: false,
      DeveloperToolsAvailability: 2,
      AllowFileSelectionDialogs: false,
      ExternalStorageDisabled: true,
      // A screen that stays on.
      AllowScreenWakeLocks: true,
    },
    managedConfiguration: {
      enrolCodes: { 'CB-0001': 'ABCD-EFGH', 'CB-0002': 'JKLM-NPQR' },
    },
  };
};
