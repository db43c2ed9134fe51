import { EventEmitter } from 'node:events';
import type { Display, Screen as ElectronScreen, Point, Rectangle } from 'electron';
import { electronEvent, guardEvents } from '#test/electron-standin/events.ts';
import { strict } from '#test/electron-standin/strict.ts';
import { type Monitor, readMonitors } from '#test/electron-standin/x11/monitors.ts';
import { type Watch, watchDisplays } from '#test/electron-standin/x11/properties.ts';

const METRICS = ['bounds', 'workArea'];

class Screen
  extends EventEmitter
  implements
    Pick<
      ElectronScreen,
      'getAllDisplays' | 'getPrimaryDisplay' | 'getDisplayMatching' | 'getDisplayNearestPoint'
    >
{
  private known: Display[] = [];
  private watch: Watch | undefined;
  private readonly numbers = new Map<string, number>();

  constructor() {
    super();
    guardEvents(this, 'screen', {
      fires: ['display-added', 'display-removed', 'display-metrics-changed'],
      quiet: [],
    });
  }

  getAllDisplays(): Display[] {
    return [...this.begin()];
  }

  getPrimaryDisplay(): Display {
    const [first] = this.begin();
    if (!first) throw new Error('electron stand-in: the X server has no display');
    return first;
  }

  getDisplayMatching(rect: Rectangle): Display {
    return this.getDisplayNearestPoint({ x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 });
  }

  getDisplayNearestPoint(point: Point): Display {
    const inside = this.begin().find(
      ({ bounds }) =>
        point.x >= bounds.x &&
        point.x < bounds.x + bounds.width &&
        point.y >= bounds.y &&
        point.y < bounds.y + bounds.height,
    );
    return inside ?? this.getPrimaryDisplay();
  }

  /** Starts to follow the X server; called when the app is ready. */
  start(): void {
    this.begin();
  }

  stop(): void {
    this.watch?.stop();
    this.watch = undefined;
  }

  private begin(): Display[] {
    if (!this.watch) {
      this.known = this.read();
      this.watch = watchDisplays(() => this.compare());
    }
    return this.known;
  }

  private compare(): void {
    const before = this.known;
    this.known = this.read();
    for (const display of this.known) {
      const old = before.find(({ id }) => id === display.id);
      if (!old) this.emit('display-added', electronEvent({}), display);
      else if (JSON.stringify(old.bounds) !== JSON.stringify(display.bounds)) {
        this.emit('display-metrics-changed', electronEvent({}), display, METRICS);
      }
    }
    for (const display of before) {
      if (this.known.some(({ id }) => id === display.id)) continue;
      this.emit('display-removed', electronEvent({}), display);
    }
  }

  private read(): Display[] {
    const monitors = readMonitors();
    return monitors
      .toSorted((a, b) => Number(b.primary) - Number(a.primary))
      .map((monitor) => this.displayOf(monitor));
  }

  private displayOf({ name, x, y, width, height }: Monitor): Display {
    const id = this.numbers.get(name) ?? this.numbers.size + 1;
    this.numbers.set(name, id);
    return {
      id,
      label: name,
      bounds: { x, y, width, height },
      workArea: { x, y, width, height },
      size: { width, height },
      workAreaSize: { width, height },
      nativeOrigin: { x, y },
      scaleFactor: 1,
      rotation: 0,
      internal: false,
      detected: true,
      monochrome: false,
      colorDepth: 24,
      depthPerComponent: 8,
      colorSpace: '',
      displayFrequency: 60,
      maximumCursorSize: { width: 64, height: 64 },
      accelerometerSupport: 'unknown',
      touchSupport: 'unavailable',
    };
  }
}

/** The stand-in's `screen`, with what its own parts need beyond the app's view. */
export const screenParts = new Screen();
export const screen = strict(screenParts, 'screen');
