import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A camera whose picture a test changes while it is being watched. */
export interface LiveCamera<Name extends string> {
  /** The file that Chromium is to play (`--use-file-for-fake-video-capture`). */
  readonly file: string;
  /** Shows another scene; the running stream has it about a tenth of a second later. */
  scene(name: Name): void;
  /** Removes the file; the browser that plays it must have ended. */
  dispose(): void;
}

/**
 * Makes a camera of prepared scenes. Chromium reads the file anew for each frame while it plays it
 * in a loop, so a scene is changed by writing over it in place; for that all scenes must be of one
 * length with one header, two frames each.
 *
 * @param scenes each scene's y4m file.
 * @param first the scene to begin with.
 * @throws Error when a file is not y4m, or differs from the first in length or header.
 */
export function createLiveCamera<Name extends string>(
  scenes: Readonly<Record<Name, string>>,
  first: NoInfer<Name>,
): LiveCamera<Name> {
  const contents = new Map<Name, Buffer>();
  for (const name of Object.keys(scenes) as Name[]) contents.set(name, readFileSync(scenes[name]));
  const model = contents.get(first);
  if (!model) throw new Error(`no scene is named ${first}`);
  const header = headerOf(model, first);
  for (const [name, content] of contents) {
    if (content.length !== model.length || headerOf(content, name) !== header) {
      throw new Error(
        `the scene ${name} (${content.length} bytes, ${headerOf(content, name)}) must have the length and header of ${first} (${model.length} bytes, ${header})`,
      );
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-camera-'));
  const file = join(folder, 'camera.y4m');
  copyFileSync(scenes[first], file);
  return {
    file,
    scene: (name) => {
      const content = contents.get(name);
      if (!content) throw new Error(`no scene is named ${name}`);
      // Neither truncated nor renamed: Chromium holds this very file open.
      const handle = openSync(file, 'r+');
      writeSync(handle, content, 0, content.length, 0);
      closeSync(handle);
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function headerOf(content: Buffer, name: string): string {
  const end = content.indexOf('\n');
  const header = content.subarray(0, Math.max(end, 0)).toString('latin1');
  if (!header.startsWith('YUV4MPEG2 ')) throw new Error(`the scene ${name} is not a y4m file`);
  return header;
}
