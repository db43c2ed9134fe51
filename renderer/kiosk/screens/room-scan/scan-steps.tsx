import classes from './room-scan.module.css';

/** The slow turn, in order. */
export const SCAN_STEPS = ['left', 'behind', 'right', 'desk'] as const;
export type ScanStep = (typeof SCAN_STEPS)[number];

/** What to show now: the steps share the pictures evenly. */
export const scanStep = (taken: number, wanted: number): ScanStep => {
  const part = wanted <= 0 ? 0 : Math.min(Math.max(0, taken) / wanted, 0.999);
  return SCAN_STEPS[Math.floor(part * SCAN_STEPS.length)] ?? 'desk';
};

/** Degrees from straight ahead, seen from above; the desk is shown by tilting down. */
const TURN: Readonly<Record<ScanStep, number>> = { left: -90, behind: 180, right: 90, desk: 0 };

/** From above: the person, the desk, and where the camera looks. Only a drawing of the words beside it. */
export const ScanDrawing = ({ step }: { step: ScanStep }) => (
  <svg className={classes.drawing} viewBox="0 0 160 120" aria-hidden="true">
    <rect className={classes.room} x="8" y="6" width="144" height="108" rx="8" />
    <rect
      className={classes.desk}
      data-shown={step === 'desk'}
      x="44"
      y="22"
      width="72"
      height="26"
      rx="4"
    />
    {step === 'desk' ? (
      <path className={classes.beam} d="M80 66 48 26h64Z" />
    ) : (
      <path
        className={classes.beam}
        d="M80 74 58 40h44Z"
        transform={`rotate(${TURN[step]} 80 74)`}
      />
    )}
    <circle className={classes.body} cx="80" cy="78" r="13" />
    <rect
      className={classes.device}
      x="70"
      y="58"
      width="20"
      height="6"
      rx="2"
      transform={`rotate(${TURN[step]} 80 72)`}
    />
  </svg>
);
