import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { HostCapabilities, KioskAction } from '#shared/wire/kiosk-view.ts';

/** A host whose view the test sets and whose answers the test decides. */
export class ScriptedHost implements KioskHost {
  /** Everything that the screens asked for, in order. */
  readonly actions: KioskAction[] = [];
  readonly samples: CameraSample[] = [];
  stills = 0;
  captures = 0;
  #view: KioskView | null = null;
  readonly #listeners = new Set<(view: KioskView) => void>();
  readonly #answers = new Map<KioskAction['type'], Result<null, Problem>>();
  readonly #held = new Set<KioskAction['type']>();
  #release: (() => void)[] = [];

  capabilities(): Promise<HostCapabilities> {
    return Promise.resolve({
      kind: 'fake',
      version: '1',
      build: null,
      platform: 'test',
      coverage: {},
    });
  }

  subscribe(listener: (view: KioskView) => void): () => void {
    this.#listeners.add(listener);
    if (this.#view !== null) listener(this.#view);
    return () => this.#listeners.delete(listener);
  }

  async perform(action: KioskAction): Promise<Result<null, Problem>> {
    this.actions.push(action);
    if (this.#held.has(action.type)) {
      await new Promise<void>((resolve) => this.#release.push(resolve));
    }
    return this.#answers.get(action.type) ?? ok(null);
  }

  reportCamera(sample: CameraSample): void {
    this.samples.push(sample);
  }

  reportIdentity(): void {
    this.captures += 1;
  }

  offerStill(): void {
    this.stills += 1;
  }

  show(view: KioskView): void {
    this.#view = view;
    for (const listener of this.#listeners) listener(view);
  }

  /** How `perform` answers this type of action from now on. */
  answer(type: KioskAction['type'], result: Result<null, Problem>): void {
    this.#answers.set(type, result);
  }

  /** Keeps actions of this type waiting until `release`. */
  hold(type: KioskAction['type']): void {
    this.#held.add(type);
  }

  release(): void {
    this.#held.clear();
    for (const resolve of this.#release) resolve();
    this.#release = [];
  }

  /** Lets the oldest waiting action go. */
  releaseOne(): void {
    this.#release.shift()?.();
  }
}
