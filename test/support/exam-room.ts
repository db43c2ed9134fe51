import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forbiddenPrograms from '#assets/programs/forbidden.json' with { type: 'json' };
import type { DemoCredentials, DemoOptions } from '#server/demo/demo.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { startServerProcess } from '#test/fault/server-process.ts';
import { createLiveCamera, type LiveCamera } from '#test/support/camera-scene.ts';
import { type Desktop, startDesktop } from '#test/support/desktop.ts';
import { type Kiosk, launchKiosk } from '#test/support/electron-launch.ts';
import { type Cable, layCable } from '#test/support/exam/cable.ts';
import { Examinee, type ExamineeAccess } from '#test/support/exam/examinee.ts';
import { PRODUCT, type ProductBuild } from '#test/support/exam/product-build.ts';
import { layRoomData, QUICK_POLICY } from '#test/support/exam/room-data.ts';
import { ServerRecord } from '#test/support/exam/server-record.ts';
import { readKioskEntries } from '#test/support/kiosk-ledger.ts';
import { buildSceneFile } from '#tools/clip/build-clip.ts';
import type { SceneName } from '#tools/clip/scenes.ts';

/** Scenes that the room's camera can show. */
const SCENES = ['person', 'nobody', 'turned', 'two-people'] as const satisfies readonly SceneName[];
export type RoomScene = (typeof SCENES)[number];

/** An exam room: the product as it is built, its server with a demo university, a network and a camera. */
export interface ExamRoom {
  readonly build: ProductBuild;
  readonly server: { readonly origin: string; readonly credentials: DemoCredentials };
  /** Between the kiosks and the server. The record is read past it. */
  readonly cable: Cable;
  readonly record: ServerRecord;
  readonly camera: LiveCamera<RoomScene>;
  /** A code that no device was enrolled with. @throws when all are used. */
  nextCode(): string;
  /** Somebody who has not sat the exam. @throws when all have. */
  nextExaminee(): ExamineeAccess;
  /** A new folder, removed with the room. */
  newFolder(name: string): string;
  close(): Promise<void>;
}

export interface ExamRoomOptions {
  /** What kiosks and server serve; the product itself when left out. */
  readonly build?: ProductBuild;
  /** The university; by default its exam has the quick policy and every room checks identity by hand. */
  readonly demo?: DemoOptions;
}

const DEMO: DemoOptions = {
  // As many as the first room has seats: its proctor is the one who reads the record.
  examinees: 30,
  enrolmentCodes: 40,
  policy: QUICK_POLICY,
  identityCheck: 'by-hand',
};

/** Opens a room for all the tests of a file. */
export const openExamRoom = async ({
  build = PRODUCT,
  demo,
}: ExamRoomOptions = {}): Promise<ExamRoom> => {
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-room-'));
  const newFolder = (name: string): string => mkdtempSync(join(folder, `${name}-`));
  const data = newFolder('data');
  const [camera, credentials] = await Promise.all([
    openCamera(newFolder('scenes')),
    layRoomData(data, { ...DEMO, ...demo }),
  ]);
  const server = await startServerProcess(data, ['--pages', build.pages]);
  const cable = await layCable(server.url);
  const record = await ServerRecord.signIn(server.url, credentials);
  const codes = [...credentials.enrolmentCodes];
  // These have accommodations, and with them other times or rules: people of their own tests.
  const examinees = credentials.examinees.filter((_, i) => ![3, 5, 8, 10].includes(i));
  const next = <T>(list: T[], what: string): T => {
    const one = list.shift();
    if (one === undefined) throw new Error(`the demo has no more ${what}`);
    return one;
  };
  return {
    build,
    server: { origin: server.url, credentials },
    cable,
    record,
    camera,
    nextCode: () => next(codes, 'enrolment codes'),
    nextExaminee: () => next(examinees, 'examinees'),
    newFolder,
    close: async () => {
      await cable.close();
      await server.stop();
      camera.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const openCamera = async (folder: string): Promise<LiveCamera<RoomScene>> => {
  const file = (scene: RoomScene): string => join(folder, `${scene}.y4m`);
  for (const scene of SCENES) await buildSceneFile(scene, file(scene));
  return createLiveCamera(
    {
      person: file('person'),
      nobody: file('nobody'),
      turned: file('turned'),
      'two-people': file('two-people'),
    },
    'person',
  );
};

/** A desktop computer in the room, with its display, keyboard and data folder. */
export interface DesktopSeat {
  readonly desktop: Desktop;
  readonly examinee: Examinee;
  /** The running kiosk; another object after each start. */
  readonly kiosk: Kiosk;
  /** The kiosk's data folder now. */
  readonly userData: string;
  /** Makes sure that the sign-in screen is shown; what a failed test left behind goes with its data. */
  clear(): Promise<void>;
  /** Ends the kiosk as by a power cut. */
  kill(): Promise<void>;
  /** Starts it on the same data folder. */
  start(): Promise<void>;
  /** The ledger on this computer's disk: the attempt that was written last. */
  ledger(): readonly LedgerEntry[];
  close(): Promise<void>;
}

export interface DesktopSeatOptions {
  /** Whether the kiosk is given an enrolment code at its first start. */
  readonly enrols?: boolean;
  /** Further variables of the kiosk's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further settings in the kiosk's file. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The forbidden program that a test starts. All others may run on the machine of whoever runs the tests. */
const PLANTED = 'obs-studio';

/** Tests often run in a virtual machine, which no exam may: that sensor stays off. They run beside browsers, their own too. */
const configureTestMachine = (userData: string, more: Readonly<Record<string, unknown>>): void => {
  const file = join(userData, 'kiosk.json');
  if (existsSync(file)) return;
  mkdirSync(userData, { recursive: true });
  const permitted = forbiddenPrograms.map(({ id }) => id).filter((id) => id !== PLANTED);
  const settings = { switchedOffSensors: ['virtual-machine'], programs: { permitted }, ...more };
  writeFileSync(file, JSON.stringify(settings));
};

/** Sets up a desktop computer whose kiosk enrols itself at its first start. */
export const takeDesktopSeat = async (
  room: ExamRoom,
  { enrols = true, env = {}, settings = {} }: DesktopSeatOptions = {},
): Promise<DesktopSeat> => {
  const desktop = await startDesktop();
  let userData = room.newFolder('desktop');
  const firstArgs = (): string[] => (enrols ? [`--enrol=${room.nextCode()}`] : []);
  const launch = async (args: readonly string[]): Promise<Kiosk> => {
    configureTestMachine(userData, settings);
    const launched = await launchKiosk({
      main: room.build.main,
      userData,
      desktop,
      cameraFile: room.camera.file,
      env: { ATALAYA_SERVER: room.cable.origin, ...env },
      args,
    });
    // Keys that come before the window has the keyboard, or before it has shown anything, are lost.
    await launched.page.waitForFunction(
      () =>
        document.hasFocus() && performance.getEntriesByName('first-contentful-paint').length > 0,
    );
    return launched;
  };
  let kiosk: Kiosk;
  try {
    kiosk = await launch(firstArgs());
  } catch (failure) {
    await desktop.stop();
    throw failure;
  }
  let examinee = new Examinee(kiosk.page);
  let running = true;
  const kill = async (): Promise<void> => {
    if (running) await kiosk.kill();
    running = false;
  };
  const start = async (args: readonly string[]): Promise<void> => {
    kiosk = await launch(args);
    running = true;
    examinee = new Examinee(kiosk.page);
  };
  return {
    desktop,
    get kiosk() {
      return kiosk;
    },
    get userData() {
      return userData;
    },
    get examinee() {
      return examinee;
    },
    clear: async () => {
      if (running && (await examinee.isAtSignIn())) return;
      await kill();
      userData = room.newFolder('desktop');
      await start(firstArgs());
    },
    kill,
    start: () => start([]),
    ledger: () => readDesktopLedger(userData),
    close: async () => {
      await kill();
      await desktop.stop();
    },
  };
};

/** The entries of the attempt that was written last, from the kiosk's own database as it stands on the disk. */
const readDesktopLedger = (folder: string): readonly LedgerEntry[] => {
  const entries = readKioskEntries(folder);
  const last = entries.reduce<LedgerEntry | null>(
    (latest, entry) => (latest === null || entry.wall >= latest.wall ? entry : latest),
    null,
  );
  return entries.filter(({ attemptId }) => attemptId === last?.attemptId);
};
