import type { Locator, Page } from '@playwright/test';
import { see } from '#test/support/see.ts';
import { readToEnd } from '#tools/demo/read-to-end.ts';
import { fill, words } from './kiosk-words.ts';

/** A screen may need the face models, on a machine that is busy with something else, ms. */
const PATIENCE_MS = 45_000;

/** What an examinee needs to sign in. */
export interface ExamineeAccess {
  readonly document: string;
  readonly accessCode: string;
}

/** Somebody who sits in front of a kiosk's page and does what its screens offer. */
export class Examinee {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async see(text: string): Promise<void> {
    await see(this.page.getByText(text).first()).toBeVisible({ timeout: PATIENCE_MS });
  }

  /** Whether the sign-in screen is shown, or comes within a moment. */
  isAtSignIn(): Promise<boolean> {
    return this.page
      .getByLabel(words.signIn.document)
      .waitFor({ timeout: 3_000 })
      .then(
        () => true,
        () => false,
      );
  }

  /** Fills in the sign-in screen and sends it off; does not wait for what comes of it. */
  async tryToSignIn({ document, accessCode }: ExamineeAccess): Promise<void> {
    const field = this.page.getByLabel(words.signIn.document);
    await field.waitFor({ timeout: PATIENCE_MS });
    await field.fill(document);
    await this.page.getByLabel(words.signIn.secret, { exact: true }).fill(accessCode);
    await this.page.keyboard.press('Enter');
  }

  async signIn(access: ExamineeAccess): Promise<void> {
    await this.tryToSignIn(access);
    await this.see(words.device.title);
  }

  /** From the device check to the first question. */
  async goToExam(): Promise<void> {
    await this.goToFramingEnd(this.button(words.gate.confirm));
    await this.inExam();
  }

  /** From the device check over the rules and the framing to what comes then. */
  async goToFramingEnd(next: Locator): Promise<void> {
    const rules = this.page.getByRole('region', { name: words.rules.region });
    await this.see(words.device.ready);
    await this.#press(words.device.continue, rules);
    await rules.focus();
    await readToEnd(rules, () => this.page.keyboard.press('End'));
    await this.page.getByLabel(words.rules.check).check();
    await this.button(words.rules.accept).click();
    // The screen before says the same when it is ready.
    await this.see(words.framing.title);
    await this.see(words.framing.ready);
    await this.#press(words.framing.continue, next);
  }

  /**
   * Presses a button that leads on. On a machine that is busy, the camera may have a bad moment just before the press
   * arrives: then the button is none any more, or the kiosk refuses in words, and it is pressed again. A press on a
   * button that was ready, of which nothing came and nothing was said, is a lost one: that fails.
   */
  async #press(name: string, next: Locator): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    const refusal = this.page.locator('[role=alert] > div').first();
    while (Date.now() < deadline) {
      const before = (await refusal.count()) > 0;
      if (!(await this.#arrivesReady(this.button(name)))) continue;
      if (before)
        await refusal.waitFor({ state: 'detached', timeout: 5_000 }).catch(() => undefined);
      await next.or(refusal).first().waitFor({ timeout: PATIENCE_MS });
      if (await next.isVisible()) return;
    }
    throw new Error(`"${name}" was refused for ${PATIENCE_MS} ms`);
  }

  /** Clicks as a person does. @returns whether the button could be pressed in the moment when the click arrived. */
  async #arrivesReady(button: Locator): Promise<boolean> {
    await button.evaluate((element) => {
      const page = globalThis as { arrivedReady?: boolean };
      page.arrivedReady = false;
      const note = (): void => {
        page.arrivedReady = element.getAttribute('aria-disabled') !== 'true';
      };
      element.addEventListener('click', note, { capture: true, once: true });
    });
    await button.click({ timeout: PATIENCE_MS });
    return this.page.evaluate(
      () => (globalThis as { arrivedReady?: boolean }).arrivedReady === true,
    );
  }

  async inExam(): Promise<void> {
    const confirm = this.button(words.gate.confirm);
    const finish = this.button(words.exam.finish);
    await confirm.or(finish).first().waitFor({ timeout: PATIENCE_MS });
    if (await confirm.isVisible()) await confirm.click();
    await finish.waitFor({ timeout: PATIENCE_MS });
  }

  /** The number of the question on the screen, from 1. */
  async question(): Promise<number> {
    const [number = ''] = /\d+/.exec((await this.page.locator('h1').textContent()) ?? '') ?? [];
    return Number(number);
  }

  /** Goes to a question by the overview. */
  async goTo(number: number): Promise<void> {
    const name = fill(words.exam.cell.plain, { number });
    await this.page.getByRole('button', { name: new RegExp(`^${name}\\b`) }).click();
    await see(this.page.locator('h1')).toContainText(new RegExp(`\\b${number}\\b`));
  }

  /** Chooses an option (from 1) by its key, and waits until the screen says where the answers are. */
  async answer(option: number, saved: readonly SavedWord[] = ['device', 'server']): Promise<void> {
    await this.page.keyboard.press(String(option));
    await see(this.option(option)).toBeChecked();
    await this.saysSaved(saved);
  }

  option(number: number): Locator {
    return this.page.locator('fieldset input').nth(number - 1);
  }

  async saysSaved(saved: readonly SavedWord[]): Promise<void> {
    const chip = this.page.locator('[data-saved]');
    await see(chip).toHaveAttribute('data-saved', new RegExp(`^(${saved.join('|')})$`), {
      timeout: PATIENCE_MS,
    });
  }

  /** Waits for the notice of a copy attempt. @param number which one, from 1. */
  async seeNotice(number: number, limit = 3): Promise<void> {
    await this.see(fill(words.notice.count, { number, limit }));
  }

  async acknowledge(): Promise<void> {
    const button = this.button(words.notice.ok);
    await button.click({ timeout: PATIENCE_MS });
    await button.waitFor({ state: 'detached' });
  }

  /** When the time ends by the timer on the screen, ms since 1970. It shows whole seconds. */
  async endsAt(): Promise<number> {
    const shown = await this.page.getByRole('timer').textContent();
    const seconds = (shown ?? '')
      .split(':')
      .map(Number)
      .reduce((sum, part) => sum * 60 + part, 0);
    return Date.now() + seconds * 1_000;
  }

  async finish(): Promise<void> {
    await this.button(words.exam.finish).click();
    await this.button(words.finish.submit).click();
  }

  /** Waits until the receipt says that the server has everything. @returns the hash on it. */
  async receipt(): Promise<string> {
    await this.see(words.receipt.sent);
    return this.receiptHash();
  }

  async receiptHash(): Promise<string> {
    const hash = await this.page.locator('[data-hash]').getAttribute('data-hash');
    return hash ?? '';
  }

  async signOut(): Promise<void> {
    await this.button(words.signOut).click();
    await this.page.getByLabel(words.signIn.document).waitFor({ timeout: PATIENCE_MS });
  }
}

/** Where the screen says that the answers are. */
export type SavedWord = 'device' | 'server' | 'later';
