import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium } from '@playwright/test';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type KioskWorld, kioskHostContract } from '#test/contract/kiosk-host.contract.ts';
import { electronKind } from '#test/support/electron-launch.ts';
import { layCable } from '#test/support/exam/cable.ts';
import { HostInPage } from '#test/support/exam/host-in-page.ts';
import { buildHostPage, type OtherPages } from '#test/support/exam/product-build.ts';
import { QUICK_POLICY } from '#test/support/exam/room-data.ts';
import { type ExamRoom, openExamRoom, takeDesktopSeat } from '#test/support/exam-room.ts';
import { chromiumPath, launchArgs } from '#tools/chromium.ts';

/** A kiosk's computer as far as the contract needs it. */
interface Computer {
  /** Its page, with the host on it. */
  open(): Promise<HostInPage>;
  /** The process of the host ends as by a power cut, and another one starts on what it has stored. */
  restart(): Promise<void>;
  close(): Promise<void>;
}
type TakeComputer = (room: ExamRoom) => Promise<Computer>;

let build: OtherPages;
let room: ExamRoom;
let browser: Browser;

beforeAll(async () => {
  build = await buildHostPage();
  room = await openExamRoom({ build });
  browser = await chromium.launch({ executablePath: chromiumPath(), args: [...launchArgs] });
});
afterAll(async () => {
  await browser?.close();
  await room?.close();
  build?.remove();
});

/**
 * Each in a profile of its own, with the focus that Playwright feigns: they share a browser. What is killed is the
 * page's process; a whole browser is in `web-kiosk.test.ts`.
 */
const inBrowser: TakeComputer = async ({ cable }) => {
  const context = await browser.newContext();
  let page = await context.newPage();
  return {
    open: async () => {
      await page.goto(`${cable.origin}/kiosk/`);
      return HostInPage.of(page);
    },
    restart: async () => {
      const crashed = page.waitForEvent('crash');
      page.goto('chrome://crash').catch(() => undefined);
      await crashed;
      await page.close();
      page = await context.newPage();
    },
    close: () => context.close(),
  };
};

const onDesktop: TakeComputer = async (own) => {
  const seat = await takeDesktopSeat(own, { enrols: false });
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
    policy: QUICK_POLICY,
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
  { name: 'the page of a browser', take: inBrowser },
  {
    name: electronKind() === 'electron' ? 'Electron' : 'the stand-in for Electron',
    take: onDesktop,
  },
];

// The long ones first: the short ones run beside them.
const steps = [...kioskHostContract].sort((a, b) => Number(b.slow ?? 0) - Number(a.slow ?? 0));

describe.concurrent('a kiosk host on a real machine, with a real server', () => {
  for (const step of steps) {
    for (const { name, take } of hosts) {
      if (take === onDesktop && step.satOnDesktop) continue;
      test(`${name}: ${step.name}`, async () => {
        const { world, close } = await takeWorld(take);
        try {
          await step.run(world);
        } finally {
          await close();
        }
      });
    }
  }
});
