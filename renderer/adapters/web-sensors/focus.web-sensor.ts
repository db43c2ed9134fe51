import type { Sensor } from '#shared/ports/sensor.port.ts';
import { type AbsenceSaid, createAbsence } from './absence.ts';
import { domSensor } from './dom-sensor.ts';
import { createStandstill, PAGE_CLOCKS, type PageClocks } from './standstill.ts';

/**
 * A page that was just loaded gets the keyboard with the first click or key (the address bar may still
 * have it); until then nobody has left it, ms.
 */
const SETTLE_MS = 10_000;
const LOOK_MS = 500;

/**
 * Art. 29c: the page is hidden or another window has the keyboard. An absence is stated when no sleep of the machine
 * has explained it within some seconds, at the return, or when the exam stops, dated back (`absence.ts`). What a standstill explains is
 * `platform`: for people, and no act of anybody.
 */
export const focusSensor = (clocks: PageClocks = PAGE_CLOCKS): Sensor =>
  domSensor('focus', ['focus-lost', 'platform'], ({ listen, emit, stopped, atLast }) => {
    const isHidden = () => document.visibilityState === 'hidden';
    const standstill = createStandstill(clocks, isHidden);
    const absence = createAbsence();
    let settled = false;
    let wasHidden = false;
    let frozen = false;

    const state = (said: readonly AbsenceSaid[]): void => {
      for (const { away, ageMs } of said) {
        const facts = { hidden: wasHidden };
        emit({ kind: 'focus-lost', phase: away ? 'began' : 'ended', ageMs, facts });
      }
    };
    const look = (): void => {
      const now = clocks.now();
      const stoppedMs = standstill.beat();
      if (stoppedMs > 0) {
        const awayMs = absence.stoodStill(now, stoppedMs);
        const facts = { cause: 'page-stopped', sleptMs: stoppedMs };
        // A page that the browser put to sleep has said so itself.
        if (!frozen)
          emit({
            kind: 'platform',
            phase: 'happened',
            facts: awayMs === null ? facts : { ...facts, awayMs },
          });
        frozen = false;
      }
      const away = isHidden() || !document.hasFocus();
      settled ||= !away;
      wasHidden = isHidden() || (wasHidden && away);
      if (settled) state(absence.look(away, now));
      if (!away) wasHidden = false;
    };
    const settling = setTimeout(() => {
      settled = true;
      look();
    }, SETTLE_MS);
    const looking = setInterval(look, LOOK_MS);
    stopped.addEventListener('abort', () => {
      clearTimeout(settling);
      clearInterval(looking);
    });
    listen(window, 'blur', look);
    listen(window, 'focus', look);
    listen(document, 'visibilitychange', look);
    listen(document, 'freeze', () => {
      frozen = true;
    });
    const lastWord = (): void => {
      look();
      if (settled) state(absence.end(clocks.now()));
    };
    // Who closes the page while away does not get away with it.
    listen(window, 'pagehide', lastWord);
    atLast(lastWord);
    look();
  });
