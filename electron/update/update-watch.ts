import type { Result } from '#shared/kernel/result.ts';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Scheduler } from '#shared/ports/clock.port.ts';
import type { ReleaseManifest } from '#shared/wire/release.ts';
import type { Accepted, Refusal } from './release-trust.ts';
import type { UpdateLibrary } from './update-library.ts';

/** The first look comes after the start's own work, the next ones twice an hour, ms. */
const FIRST_MS = 60_000;
const EVERY_MS = 30 * 60_000;

export type UpdateState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'checking' }
  | { readonly phase: 'downloading'; readonly version: string }
  | {
      readonly phase: 'ready';
      readonly version: string;
      readonly file: string;
      readonly manifest: ReleaseManifest;
    }
  | { readonly phase: 'refused'; readonly reason: Refusal };

export interface UpdatesDeps {
  readonly library: UpdateLibrary;
  readonly judge: (offered: unknown) => Result<Accepted | null, Refusal>;
  /** Whether an attempt is open or somebody is signed in: then nothing is asked, downloaded or installed. */
  readonly busy: () => boolean;
  /** base64 SHA-512 of a file. @throws when it cannot be read. */
  readonly hashFile: (file: string) => Promise<string>;
  readonly scheduler: Scheduler;
  /** 0..1: spreads the looks of a whole campus over time. */
  readonly spread: number;
  readonly log: Log;
}

export interface Updates {
  state(): UpdateState;
  /** Looks now, unless busy or at it already; never throws. */
  check(): Promise<void>;
  /** To be called whenever `busy` may have changed. */
  sessionChanged(): void;
  /** Installs what is ready; called when the program is ending. @returns whether an installer was started. */
  installAtQuit(): Promise<boolean>;
  stop(): void;
}

/**
 * When the kiosk updates itself: it looks only while nobody is signed in, downloads in the background and lets go
 * the moment somebody signs in, installs when it ends. What the server no longer offers is not installed.
 */
export const createUpdates = (deps: UpdatesDeps): Updates => {
  const { library, log } = deps;
  let state: UpdateState = { phase: 'idle' };
  let running = false;

  const download = async ({ manifest, downgrade }: Accepted): Promise<void> => {
    const { version } = manifest;
    // What was downloaded already stays; the library finds it by its hash, but the disk need not be asked.
    if (state.phase === 'ready' && sameRelease(state.manifest, manifest)) return;
    state = { phase: 'downloading', version };
    log('info', 'update is downloaded', { version, downgrade });
    const file = await library.download(manifest, downgrade);
    state = deps.busy() ? { phase: 'idle' } : { phase: 'ready', version, file, manifest };
    log('info', 'update is ready', { version, kept: state.phase === 'ready' });
  };

  const look = async (): Promise<void> => {
    const before = state;
    if (state.phase !== 'ready') state = { phase: 'checking' };
    const offered = await library.look();
    if (deps.busy()) {
      state = before.phase === 'ready' ? before : { phase: 'idle' };
      return;
    }
    if (offered === null) {
      state = { phase: 'idle' };
      return;
    }
    const verdict = deps.judge(offered);
    if (!verdict.ok) {
      state = { phase: 'refused', reason: verdict.error };
      log('error', 'offered update refused', { reason: verdict.error });
      return;
    }
    if (verdict.value === null) state = { phase: 'idle' };
    else await download(verdict.value);
  };

  const check = async (): Promise<void> => {
    if (running || deps.busy()) return;
    running = true;
    try {
      await look();
    } catch (error) {
      // What is ready stays ready: a server that cannot be asked has not withdrawn anything.
      if (state.phase !== 'ready') state = { phase: 'idle' };
      log('warn', 'update failed', { error: String(error).slice(0, 300) });
    } finally {
      running = false;
    }
  };

  let stopEvery: () => void = () => undefined;
  const stopFirst = deps.scheduler.after(FIRST_MS + deps.spread * FIRST_MS, () => {
    void check();
    stopEvery = deps.scheduler.every(EVERY_MS + (deps.spread * EVERY_MS) / 6, () => void check());
  });

  return {
    state: () => state,
    check,
    sessionChanged: () => {
      if (deps.busy() && state.phase === 'downloading') library.cancel();
    },
    installAtQuit: async () => {
      if (state.phase !== 'ready' || deps.busy()) return false;
      const { file, manifest, version } = state;
      try {
        // Between the download and now the file lay where the examinee's account may write.
        const hash = await deps.hashFile(file);
        if (!manifest.files.some(({ sha512 }) => sha512 === hash)) {
          log('error', 'downloaded update was changed; not installed', { version });
          state = { phase: 'idle' };
          return false;
        }
        const started = library.install();
        log(started ? 'info' : 'error', 'update installer', { version, started });
        return started;
      } catch (error) {
        log('error', 'update not installed', { version, error: String(error).slice(0, 300) });
        return false;
      }
    },
    stop: () => {
      stopFirst();
      stopEvery();
      library.cancel();
    },
  };
};

const sameRelease = (a: ReleaseManifest, b: ReleaseManifest): boolean =>
  a.version === b.version &&
  a.files.length === b.files.length &&
  a.files.every((file) => b.files.some(({ sha512 }) => sha512 === file.sha512));
