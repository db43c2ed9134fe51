import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createLiveCamera } from '#test/support/camera-scene.ts';
import { type Desktop, startDesktop } from '#test/support/desktop.ts';
import { launchKiosk } from '#test/support/electron-launch.ts';

const main = fileURLToPath(import.meta.resolve('#test/standin/fixture-app/main.ts'));
const folder = mkdtempSync(join(tmpdir(), 'atalaya-scenes-'));
let desktop: Desktop;

/** The machine may be busy with something else. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });

beforeAll(async () => {
  desktop = await startDesktop();
});
afterAll(async () => {
  await desktop?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A clip of one even grey, two frames long. */
function grey(name: string, luma: number, width = 320): string {
  const height = 240;
  const pixels = Buffer.concat([
    Buffer.alloc(width * height, luma),
    Buffer.alloc((width * height) / 2, 128),
  ]);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), pixels]);
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  const file = join(folder, `${name}.y4m`);
  writeFileSync(file, Buffer.concat([header, frame, frame]));
  return file;
}

test('the running stream shows each scene that the test asks for', async () => {
  const camera = createLiveCamera({ dark: grey('dark', 40), bright: grey('bright', 220) }, 'dark');
  const userData = mkdtempSync(join(folder, 'user-'));
  const kiosk = await launchKiosk({ main, userData, desktop, cameraFile: camera.file });
  onTestFinished(async () => {
    await kiosk.kill();
    camera.dispose();
  });
  await kiosk.page.evaluate(async () => {
    const video = document.createElement('video');
    video.id = 'camera';
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
    document.body.append(video);
    await video.play();
  });
  const brightness = (): Promise<number> =>
    kiosk.page.evaluate(() => {
      const video = document.querySelector<HTMLVideoElement>('#camera');
      const pen = new OffscreenCanvas(8, 8).getContext('2d');
      if (!video || !pen) return -1;
      pen.drawImage(video, 0, 0, 8, 8);
      return pen.getImageData(4, 4, 1, 1).data[0] ?? -1;
    });
  for (const scene of ['dark', 'bright', 'dark', 'bright'] as const) {
    camera.scene(scene);
    await eventually(async () => ((await brightness()) > 128 ? 'bright' : 'dark')).toBe(scene);
  }
});

test('scenes that a live stream could not follow are refused', () => {
  const [dark, wide] = [grey('one', 40), grey('wide', 40, 640)];
  expect(() => createLiveCamera({ dark, wide }, 'dark')).toThrow(/the scene wide .* must have/);
  const text = join(folder, 'text.y4m');
  writeFileSync(text, 'no clip\n');
  expect(() => createLiveCamera({ text }, 'text')).toThrow('the scene text is not a y4m file');
  const camera = createLiveCamera({ dark }, 'dark');
  onTestFinished(() => camera.dispose());
  expect(() => camera.scene('light' as 'dark')).toThrow('no scene is named light');
});
