// `npm run demo`: the whole system in one go, unattended. A server on a free port, the dashboard in one
// browser, the kiosk in another with its camera fed from a file. Exit 0 only when everything that the kiosk
// recorded is on the server with a valid chain and no request left the machine.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { WATCH_LIMITS } from '#shared/identity/identity-watch.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { commandOptions } from './command-options.ts';
import { openWindow, type Window } from './demo/browsers.ts';
import { cameraStart, watchCameraStart } from './demo/camera-start.ts';
import { beginWithFirstFrame } from './demo/clip-run.ts';
import { readPictures } from './demo/enrol-pictures.ts';
import { readKioskLedger } from './demo/kiosk-ledger.ts';
import { openRoom } from './demo/open-room.ts';
import { paintedAt, watchPixels } from './demo/pixel-watch.ts';
import { buildRehearsal } from './demo/rehearsal-build.ts';
import { type Summary, summarise } from './demo/run-summary.ts';
import { buildSceneCamera, sitDown, sitExam } from './demo/scripted-run.ts';
import { startServer } from './demo/server-process.ts';
import { fetchBundle, waitForArrival } from './demo/server-record.ts';
import { printTimeline } from './demo/timeline.ts';
import { y4mLength } from './demo/y4m-length.ts';

/** An exam that still runs goes on writing (an incident ends): until nothing came between the look at both sides. */
const arrived = async <Arrived>(
  read: () => Promise<readonly LedgerEntry[]>,
  wait: (last: LedgerEntry) => Promise<Arrived>,
) => {
  for (let look = 1; ; look += 1) {
    const kiosk = await read();
    const last = kiosk.at(-1);
    if (last === undefined) throw new Error('The kiosk recorded nothing.');
    const atServer = await wait(last);
    if (look === 5 || (await read()).length === kiosk.length) return { kiosk, last, atServer };
  }
};

const USAGE = `npm run demo -- [--clip ARCHIVO.y4m [--enrol A.jpg,B.jpg]] [--json ARCHIVO] [--out CARPETA] [--headed]

  --clip ARCHIVO.y4m  juzga este video: el examen empieza con su primer cuadro y termina cuando pasó una vez
  --enrol A,B         registra antes el rostro del examinado con estas fotos (de 1 a 5 de una persona); desde entonces
                      se compara con ellas a quien aparece en el video, que debe durar 100 s o más
  --json ARCHIVO      guarda allí el resumen como JSON
  --out CARPETA       guarda allí las capturas (./out/demo)
  --headed            muestra los navegadores`;

/** Chromebook, and a proctor's desk. */
const KIOSK_SIZE = { width: 1366, height: 768 };
const DASHBOARD_SIZE = { width: 1920, height: 1080 };
/** What a clip must last so that another person in it can be known: the span that is judged, and one capture. */
const IDENTITY_MS = WATCH_LIMITS.spanMs + 10_000;
/** The dashboard paints what came last within this, ms. */
const LAST_PIXEL_MS = 1_500;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const say = (text: string): void => console.log(`         ── ${text}`);

const { values } = commandOptions(USAGE, {
  options: {
    clip: { type: 'string' },
    enrol: { type: 'string' },
    json: { type: 'string' },
    out: { type: 'string' },
    headed: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Takes the keyboard away: the page is told that another window has it, then that it is back. */
const stealFocus =
  (page: Page) =>
  async (ms: number): Promise<void> => {
    const other = await page.context().newPage();
    await other.bringToFront();
    await pause(ms);
    await other.close();
    await page.bringToFront();
  };

/** Chromium pretends that driven pages always have the focus; the demo needs the truth. */
const honestFocus = async (page: Page): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
};

/** The browser's camera is called as its file, and a camera's name is judged: a clip's own name must not matter. */
const neutralName = (clip: string, folder: string): string => {
  const link = join(folder, 'camera.y4m');
  try {
    symlinkSync(clip, link);
    return link;
  } catch {
    return clip; // links are forbidden here
  }
};

const run = async (): Promise<Summary> => {
  const clip = values.clip === undefined ? null : resolve(values.clip);
  const length = clip === null ? null : await y4mLength(clip);
  if (values.enrol !== undefined && clip === null) throw new Error('--enrol necesita --clip.');
  const pictures = values.enrol === undefined ? null : await readPictures(values.enrol);
  const outFolder = resolve(values.out ?? 'out/demo');
  mkdirSync(outFolder, { recursive: true });
  const temporary = mkdtempSync(join(tmpdir(), 'atalaya-demo-'));
  const external: string[] = [];
  const screenshots: string[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const pages =
      clip === null ? join(import.meta.dirname, '../dist/renderer') : await buildRehearsal();
    const server = await startServer(
      join(temporary, 'data'),
      pages,
      // A clip cannot turn its head when it is asked to.
      pictures === null ? undefined : 'face',
      clip !== null,
    );
    closers.push(() => server.stop());
    say(`servidor en ${server.origin}`);
    const window = async (name: string, cameraFile?: string): Promise<Window> => {
      const opened = await openWindow({
        profile: join(temporary, name),
        headed: values.headed,
        // The kiosk watches who has the keyboard.
        pageOnly: name === 'dashboard',
        origin: server.origin,
        onExternal: (url) => external.push(url),
        viewport: name === 'kiosk' ? KIOSK_SIZE : DASHBOARD_SIZE,
        ...(cameraFile === undefined ? {} : { cameraFile }),
      });
      closers.push(() => opened.close());
      return opened;
    };

    const dashboard = await window('dashboard');
    await watchPixels(dashboard.page);
    await openRoom(dashboard.page, server.origin, server.credentials);
    say('el aplicador mira su aula en el tablero');

    const camera = clip === null ? await buildSceneCamera(temporary) : null;
    const kiosk = await window(
      'kiosk',
      clip === null ? camera?.file : neutralName(clip, temporary),
    );
    const shoot = async (name: string, page: Page = kiosk.page): Promise<void> => {
      const file = join(outFolder, `${name}.png`);
      await page.screenshot({ path: file });
      screenshots.push(file);
    };
    const stopTimeline = printTimeline(kiosk.page, (line) => console.log(line));
    closers.unshift(stopTimeline);

    let cameraStartedAt = Number.NaN;
    if (clip !== null && length !== null) {
      say(
        `clip de ${(length.durationMs / 1_000).toFixed(1)} s, ${length.frames} cuadros a ${length.fps.toFixed(2)} por segundo`,
      );
      if (pictures !== null && length.durationMs < IDENTITY_MS)
        say(
          `ATENCIÓN: quién está en la imagen se decide con la mediana de minuto y medio; un clip de menos de ${IDENTITY_MS / 1_000} s no alcanza para saberlo`,
        );
      cameraStartedAt = await beginWithFirstFrame(
        kiosk.page,
        server.origin,
        server.credentials,
        pictures,
      );
      say('primer cuadro: empieza el examen');
      await pause(Math.max(0, cameraStartedAt + length.durationMs - Date.now()));
      await shoot('kiosco');
    } else if (camera !== null) {
      const script = {
        page: kiosk.page,
        origin: server.origin,
        credentials: server.credentials,
        camera,
        say,
        shoot,
        stealFocus: stealFocus(kiosk.page),
      };
      await watchCameraStart(kiosk.page);
      await sitDown(script);
      // Not before: a navigation switches the pretence on again.
      await honestFocus(kiosk.page);
      cameraStartedAt = await cameraStart(kiosk.page);
      await sitExam(script);
    }
    const endedAt = Date.now();
    await pause(LAST_PIXEL_MS);
    await shoot('tablero', dashboard.page);
    const {
      kiosk: entries,
      last,
      atServer,
    } = await arrived(
      () => readKioskLedger(kiosk.page, 0),
      (entry) => waitForArrival(dashboard.page.request, server.origin, entry),
    );
    const bundleFile = join(outFolder, 'intento.json');
    writeFileSync(
      bundleFile,
      JSON.stringify(await fetchBundle(dashboard.page.request, server.origin, last.attemptId)),
    );
    say(`paquete para npm run verify: ${bundleFile}`);
    return await summarise({
      kiosk: entries,
      server: atServer.entries,
      publicKey: atServer.publicKey,
      cameraStartedAt,
      endedAt,
      paintedAt: await paintedAt(dashboard.page),
      externalRequests: external.length,
      screenshots,
    });
  } finally {
    for (const close of closers.reverse()) await close().catch(() => undefined);
    rmSync(temporary, { recursive: true, force: true });
  }
};

try {
  const summary = await run();
  console.log(`\n${JSON.stringify(summary, null, 2)}`);
  if (values.json !== undefined)
    writeFileSync(resolve(values.json), `${JSON.stringify(summary, null, 2)}\n`);
  const good =
    summary.ledger.valid && summary.ledger.serverHasAll && summary.externalRequests === 0;
  console.log(
    good
      ? '\nTodo lo que registró el kiosco está en el servidor, con la cadena íntegra.'
      : '\nEl recorrido NO terminó bien: vea el resumen.',
  );
  process.exitCode = good ? 0 : 1;
} catch (error) {
  console.error(
    `\nLa demostración se detuvo: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
}
