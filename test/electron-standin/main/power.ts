import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PowerMonitor as ElectronMonitor, PowerSaveBlocker } from 'electron';
import { guardEvents } from '#test/electron-standin/events.ts';
import { strict } from '#test/electron-standin/strict.ts';

const SUPPLIES = '/sys/class/power_supply';

/** Its events never fire by themselves here; a test emits them. */
class PowerMonitor
  extends EventEmitter
  implements Pick<ElectronMonitor, 'isOnBatteryPower' | 'onBatteryPower' | 'getSystemIdleTime'>
{
  constructor() {
    super();
    guardEvents(this, 'powerMonitor', {
      fires: [],
      quiet: [
        'suspend',
        'resume',
        'on-ac',
        'on-battery',
        'shutdown',
        'lock-screen',
        'unlock-screen',
        'user-did-become-active',
        'user-did-resign-active',
        'speed-limit-change',
        'thermal-state-change',
      ],
    });
  }

  isOnBatteryPower(): boolean {
    return this.onBatteryPower;
  }

  /** A test always has its hands on the machine. */
  getSystemIdleTime(): number {
    return 0;
  }

  /** Read from the kernel: some battery discharges. */
  get onBatteryPower(): boolean {
    try {
      return readdirSync(SUPPLIES).some((name) => {
        const status = readFileSync(join(SUPPLIES, name, 'status'), 'utf8');
        return status.trim() === 'Discharging';
      });
    } catch {
      return false;
    }
  }
}

const blockers = new Set<number>();
let lastBlocker = 0;

export const powerMonitor = strict(new PowerMonitor(), 'powerMonitor');

/** Keeps count only; nothing here ever puts the machine to sleep. */
export const powerSaveBlocker = strict(
  {
    start: (_type: 'prevent-app-suspension' | 'prevent-display-sleep'): number => {
      lastBlocker += 1;
      blockers.add(lastBlocker);
      return lastBlocker;
    },
    stop: (id: number): boolean => blockers.delete(id),
    isStarted: (id: number): boolean => blockers.has(id),
  } satisfies Pick<PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>,
  'powerSaveBlocker',
);
