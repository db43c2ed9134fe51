import type { Menu as ElectronMenu } from 'electron';
import { missing, strict } from '#test/electron-standin/strict.ts';

type StaticCovered = Pick<typeof ElectronMenu, 'setApplicationMenu' | 'getApplicationMenu'>;

/**
 * There are no menus here, so an app may take the menu away and may not put one up. A real Electron
 * window whose menu was not taken away has a default menu with its shortcuts; this one never has.
 */
export const Menu = strict(
  {
    setApplicationMenu: (menu: ElectronMenu | null): void => {
      if (menu !== null) throw missing('an application menu');
    },
    getApplicationMenu: (): null => null,
  } satisfies StaticCovered,
  'Menu',
);
