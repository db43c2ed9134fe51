import type { ReleaseManifest } from '#shared/wire/release.ts';

/** What the kiosk needs of electron-updater, and nothing more. */
export interface UpdateLibrary {
  /** Asks the server. @returns what it offers, unchecked; null when it offers nothing. @throws when it cannot be asked. */
  look(): Promise<unknown>;
  /**
   * Downloads the release and checks its SHA-512, on Windows and macOS also its publisher.
   * @returns the file. @throws when it fails, was cancelled, or the server has changed its mind since `look`.
   */
  download(manifest: ReleaseManifest, olderAllowed: boolean): Promise<string>;
  /** Ends a download that is under way; it throws. */
  cancel(): void;
  /** Starts the installer; the program must be on its way out. @returns whether it started. */
  install(): boolean;
}
