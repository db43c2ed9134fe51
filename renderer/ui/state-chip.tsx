import type { ComponentType } from 'react';
import { cx } from './cx.ts';
import classes from './state-chip.module.css';

export type Tone = 'quiet' | 'ok' | 'look' | 'alarm';

/** A state is always colour, icon and word. `alarm` only for counted copy attempts and closed exams. */
export const StateChip = ({
  tone,
  icon: Icon,
  children,
  className,
}: {
  tone: Tone;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  children: string;
  className?: string | undefined;
}) => (
  <span className={cx(classes.chip, classes[tone], className)}>
    <Icon size="1.15rem" stroke={2} aria-hidden />
    <span className={classes.word}>{children}</span>
  </span>
);
