import type { RegistryRule } from './registry.ts';

const ACCESSIBILITY = 'HKCU\\Control Panel\\Accessibility';
const CURRENT = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion';

/** Bits that all of Windows' accessibility `Flags` share: the feature is on; its own shortcut works. */
const FEATURE_ON = 0x1;
const HOTKEY = 0x4;

/**
 * Switches off a shortcut of assistive technology (five times Shift, Shift for eight seconds) and not the
 * technology: who uses it keeps it, and its shortcut with it.
 */
const withoutHotkey = (old: string | null): string | null => {
  if (old === null || !/^\d{1,9}$/.test(old)) return null;
  const flags = Number(old);
  return (flags & FEATURE_ON) === 0 ? String(flags & ~HOTKEY) : null;
};
const hotkey = (feature: string): RegistryRule => ({
  key: `${ACCESSIBILITY}\\${feature}`,
  name: 'Flags',
  type: 'REG_SZ',
  next: withoutHotkey,
});
const zero = (key: string, name: string): RegistryRule => ({
  key,
  name,
  type: 'REG_DWORD',
  next: () => '0x0',
});

/** Shortcuts that open a dialog over the exam. Windows reads the accessibility ones when the user signs in. */
export const WINDOWS_SHORTCUTS: readonly RegistryRule[] = [
  hotkey('StickyKeys'),
  hotkey('Keyboard Response'),
  hotkey('ToggleKeys'),
  hotkey('MouseKeys'),
  hotkey('HighContrast'),
];

/** What takes pictures of the screen. */
export const WINDOWS_CAPTURE: readonly RegistryRule[] = [
  zero('HKCU\\Control Panel\\Keyboard', 'PrintScreenKeyForSnippingEnabled'),
  zero('HKCU\\System\\GameConfigStore', 'GameDVR_Enabled'),
  zero(`${CURRENT}\\GameDVR`, 'AppCaptureEnabled'),
  zero('HKCU\\Software\\Microsoft\\GameBar', 'UseNexusForGameBarEnabled'),
];

/** The clipboard's history, and its copy on the user's other machines. */
export const WINDOWS_CLIPBOARD: readonly RegistryRule[] = [
  zero('HKCU\\Software\\Microsoft\\Clipboard', 'EnableClipboardHistory'),
  zero('HKCU\\Software\\Microsoft\\Clipboard', 'CloudClipboardAutomaticUpload'),
];

/** Banners over the exam. */
export const WINDOWS_INTERRUPTIONS: readonly RegistryRule[] = [
  zero(`${CURRENT}\\PushNotifications`, 'ToastEnabled'),
];

/** Where Windows finds what to run once when this user signs in the next time. */
export const RUN_ONCE = `${CURRENT}\\RunOnce`;
