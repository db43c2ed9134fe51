/**
 * Names of accounts that the system has for itself and that nobody sits behind: first set-ups, log-in screens, sandboxes,
 * window managers of other sessions. Small letters, without domain. An account that is not here is somebody.
 */
const SYSTEM_ACCOUNTS = {
  windows: [
    // Out-of-box set-up; Windows numbers it anew when an old one was left behind.
    /^defaultuser\d+$/,
    // Sandboxes, Application Guard, the system's own templates.
    /^(wdagutilityaccount|wsiaccount|defaultaccount)$/,
    /^(dwm|umfd)-\d+$/,
    /^(system|local service|network service|anonymous logon)$/,
  ],
  darwin: [/^_/, /^loginwindow$/],
  linux: [
    /^(gdm|gdm-greeter(-\d+)?|lightdm|sddm|lxdm|greetd|plasmalogin|cosmic-greeter)$/,
    /^(gnome-initial-setup|plasma-setup|initial-setup|oem)$/,
  ],
} as const;

/** @param name as the system gives it: `PC\\defaultuser0`, `gdm`; empty where it does not tell, which is somebody. */
export const isSystemAccount = (system: keyof typeof SYSTEM_ACCOUNTS, name: string): boolean => {
  const plain = name.slice(name.lastIndexOf('\\') + 1).toLowerCase();
  return SYSTEM_ACCOUNTS[system].some((pattern) => pattern.test(plain));
};

/**
 * Linux keeps numbers for them: below 1000, and those that systemd hands out for the time being (60578 on, `nobody`).
 * 0 is somebody with all rights.
 */
export const isSystemUid = (uid: string | undefined): boolean => {
  const number = Number(uid);
  return (
    Number.isInteger(number) &&
    ((number > 0 && number < 1_000) || (number >= 60_578 && number <= 65_535))
  );
};
