import {
  IconArrowBigLeftFilled,
  IconArrowBigRightFilled,
  IconArrowsMaximize,
  IconBulb,
  IconEye,
  IconFocusCentered,
  IconHandStop,
  IconUserOff,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import type { CaptureAdvice } from '#shared/identity/capture-quality.ts';
import type { IdentityView } from '#shared/ports/kiosk-host.port.ts';
import { CountdownRing } from '../countdown-ring.tsx';
import classes from './identity.module.css';

type Icon = ComponentType<{ size?: number | string }>;

const ADVICE_ICON: Readonly<Record<CaptureAdvice, Icon>> = {
  nobody: IconUserOff,
  'two-people': IconUsers,
  'move-closer': IconArrowsMaximize,
  centre: IconFocusCentered,
  'more-light': IconBulb,
  'look-ahead': IconEye,
  'hold-still': IconHandStop,
};

const ARROW = { left: IconArrowBigLeftFilled, right: IconArrowBigRightFilled } as const;

/**
 * Over the picture, at the side to turn to. The picture is a mirror: the person's own left is on the left of the
 * screen, so the arrow points where the head goes.
 */
export const TurnArrow = ({ turn }: { turn: 'left' | 'right' }) => {
  const Arrow = ARROW[turn];
  return (
    <div className={cx(classes.arrow, classes[turn])} data-turn-arrow={turn} aria-hidden>
      <Arrow size="100%" />
    </div>
  );
};

/** How many turns are done. */
const Turns = ({ check }: { check: IdentityView }) => {
  const { t } = useTranslation('kiosk');
  const { turnsDone, turnsAsked } = check;
  if (turnsAsked === 0) return null;
  return (
    <div className={classes.turns}>
      <span>{t('identity.turns', { done: turnsDone, asked: turnsAsked })}</span>
      <span className={classes.pips} aria-hidden>
        {Array.from({ length: turnsAsked }, (_turn, index) => index).map((index) => (
          <i key={index} className={cx(index < turnsDone && classes.done)} />
        ))}
      </span>
    </div>
  );
};

/** What to do now while the camera looks: one thing at a time, said once. */
export const CheckGuide = ({ check }: { check: IdentityView }) => {
  const { t } = useTranslation('kiosk');
  const { stage, turn, advice, endsAt } = check;
  const mends = advice !== null && stage !== 'turn';
  const key = stage === 'turn' ? `turn-${turn ?? 'left'}` : stage;
  const say = mends ? t(`framing.advice.${advice}`) : t(`identity.guide.${key}.say`);
  const detail = mends ? t(`framing.detail.${advice}`) : t(`identity.guide.${key}.detail`);
  const asks = stage === 'turn' || stage === 'back';
  const Big = mends ? ADVICE_ICON[advice] : stage === 'turn' ? ARROW[turn ?? 'left'] : IconEye;
  return (
    <>
      {/* Whoever turns the head does not read: what to do interrupts, the rest waits. Each sentence is said once. */}
      <div role="alert" className="visually-hidden">
        {asks ? `${say}. ${detail}` : ''}
      </div>
      <div role="status" className="visually-hidden">
        {asks ? '' : `${say}. ${detail}`}
      </div>
      <div className={cx(classes.guide, mends && classes.look)} data-guide={key}>
        <Big size="4.5rem" />
        <h2 className={classes.say}>{say}</h2>
        <p>{detail}</p>
      </div>
      <div className={classes.progress}>
        <Turns check={check} />
        {endsAt !== null && <CountdownRing key={`${stage} ${endsAt}`} endsAt={endsAt} />}
      </div>
    </>
  );
};
