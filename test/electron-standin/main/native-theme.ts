import { EventEmitter } from 'node:events';
import type { NativeTheme as ElectronTheme } from 'electron';
import { electronEvent, guardEvents } from '#test/electron-standin/events.ts';
import { strict } from '#test/electron-standin/strict.ts';

/** What the app sets and reads; the page's own `prefers-color-scheme` does not follow it. */
class NativeTheme
  extends EventEmitter
  implements Pick<ElectronTheme, 'themeSource' | 'shouldUseDarkColors'>
{
  private source: ElectronTheme['themeSource'] = 'system';

  constructor() {
    super();
    guardEvents(this, 'nativeTheme', { fires: ['updated'], quiet: [] });
  }

  get themeSource(): ElectronTheme['themeSource'] {
    return this.source;
  }

  set themeSource(source: ElectronTheme['themeSource']) {
    this.source = source;
    this.emit('updated', electronEvent({}));
  }

  get shouldUseDarkColors(): boolean {
    return this.source === 'dark';
  }
}

export const nativeTheme = strict(new NativeTheme(), 'nativeTheme');
