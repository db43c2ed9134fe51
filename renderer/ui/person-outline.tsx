import { cx } from './cx.ts';
import classes from './person-outline.module.css';

/** Where head and shoulders belong in a camera's picture. Its line turns solid when the picture is good. */
export const PersonOutline = ({ good = false }: { good?: boolean }) => (
  <svg
    className={cx(classes.outline, good && classes.good)}
    viewBox="0 0 640 480"
    preserveAspectRatio="xMidYMid slice"
    aria-hidden="true"
  >
    <path d="M320 92c58 0 92 44 92 104 0 70-42 124-92 124s-92-54-92-124c0-60 34-104 92-104Z" />
    <path d="M120 480c4-86 60-116 134-128 18 20 40 30 66 30s48-10 66-30c74 12 130 42 134 128" />
  </svg>
);
