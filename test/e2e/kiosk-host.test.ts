import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type KioskWorld, kioskHostContract } from '#test/contract/kiosk-host.contract.ts';
import { electronKind } from '#test/support/electron-launch.ts';
import { layCable } from '#test/support/exam/cable.ts';
import { HostInPage } from '#test/support/exam/host-in-page.ts';
import { buildHostPage, type OtherPages } from '#test/support/exam/product-build.ts';
import { takeWebSeat } from '#test/support/exam/web-seat.ts';
import { type ExamRoom, openExamRoom, takeDesktopSeat } from '#test/support/exam-room.ts';

/** A kiosk's computer as far as the contract needs it. */
interface Computer {
  /** Its page, with the host on it. */
  open(): Promise<HostInPage>;
  /** Ends everything on it as by a power cut, and starts it again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}
type TakeComputer = (room: ExamRoom) => Promise<Computer>;

const browser: TakeComputer = async (room) => {
  const seat = await takeWebSeat(room);
  return {
    open: async () => {
      await seat.open();
      return HostInPage.of(seat.page);
    },
    restart: async () => {
      await seat.kill();
      await seat.start();
    },
    close: seat.close,
  };
};

const desktop: TakeComputer = async (room) => {
  const seat = await takeDesktopSeat(room, { enrols: false });
  return {
    open: () => HostInPage.of(seat.kiosk.page),
    restart: async () => {
      await seat.kill();
      await seat.start();
    },
    close: seat.close,
  };
};

/** A computer of its own with a cable of its own, in a room that others use too. */
const takeWorld = async (
  room: ExamRoom,
  take: TakeComputer,
): Promise<{ readonly world: KioskWorld; close(): Promise<void> }> => {
  const cable = await layCable(room.server.origin);
  const computer = await take({ ...room, cable });
  let host: HostInPage | null = null;
  const open = async (): Promise<HostInPage> => {
    host = await computer.open();
    return host;
  };
  const world: KioskWorld = {
    open,
    reopen: async () => {
      await computer.restart();
      return open();
    },
    pass: async (ms) => {
      await sleep(ms);
      await host?.pull();
    },
    code: async () => room.nextCode(),
    examinee: async () => {
      const { document, accessCode } = room.nextExaminee();
      return { document, secret: accessCode };
    },
    cut: async () => cable.cut(),
    restore: async () => cable.mend(),
    stored: async (attemptId) => (await room.record.bundle(attemptId)).entries,
    order: async (attemptId, command) => {
      await room.record.command(attemptId, command);
    },
  };
  return {
    world,
    close: async () => {
      await computer.close();
      await cable.close();
    },
  };
};

const hosts = [
  { name: 'the page of a browser', take: browser },
  {
    name: electronKind() === 'electron' ? 'Electron' : 'the stand-in for Electron',
    take: desktop,
  },
];

let build: OtherPages;
let room: ExamRoom;

beforeAll(async () => {
  build = await buildHostPage();
  room = await openExamRoom({ build });
});
afterAll(async () => {
  await room?.close();
  build?.remove();
});

// The long ones first: the short ones run beside them.
const steps = [...kioskHostContract].sort((a, b) => Number(b.slow ?? 0) - Number(a.slow ?? 0));

describe.concurrent('a kiosk host on a real machine, with a real server', () => {
  for (const step of steps) {
    for (const { name, take } of hosts) {
      test(`${name}: ${step.name}`, async () => {
        const { world, close } = await takeWorld(room, take);
        try {
          await step.run(world);
        } finally {
          await close();
        }
      });
    }
  }
});
