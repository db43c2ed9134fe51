import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconHourglass,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { USUAL_THRESHOLDS } from '#shared/incident/identity-thresholds.ts';
import type { EnrolmentState } from '#shared/wire/enrolment.ts';

const LOOKS = {
  none: { Icon: IconCircleDashed, look: 'quiet' },
  active: { Icon: IconCircleCheck, look: 'ok' },
  waiting: { Icon: IconHourglass, look: 'look' },
  rejected: { Icon: IconAlertTriangle, look: 'look' },
} as const satisfies Record<EnrolmentState, unknown>;

/** How an enrolment stands: colour, icon and word. */
export const StateMark = ({ state }: { state: EnrolmentState }) => {
  const { t } = useTranslation('enrolments');
  const { Icon, look } = LOOKS[state];
  return (
    <span className={classes.mark} data-look={look}>
      <Icon size="1.125rem" aria-hidden />
      {t(`state.${state}`)}
    </span>
  );
};

/** The page that took the photo of the document saw a person and nothing of a document. */
export const DocumentDoubt = () => {
  const { t } = useTranslation('enrolments');
  return (
    <span className={classes.mark} data-look="look" data-document-doubt>
      <IconAlertTriangle size="1.125rem" aria-hidden />
      {t('waiting.doubt')}
    </span>
  );
};

const nearness = (distance: number | null): 'near' | 'unsure' | 'far' | 'unknown' => {
  if (distance === null) return 'unknown';
  if (distance < USUAL_THRESHOLDS.match) return 'near';
  return distance > USUAL_THRESHOLDS.no ? 'far' : 'unsure';
};

/** How near the new template is to the old one: a hint for whoever looks, never a decision. */
export const Likeness = ({ distance }: { distance: number | null }) => {
  const { t } = useTranslation('enrolments');
  const near = nearness(distance);
  const Icon = near === 'near' ? IconCircleCheck : IconAlertTriangle;
  return (
    <span className={classes.mark} data-look={near === 'near' ? 'ok' : 'look'} data-near={near}>
      <Icon size="1.125rem" aria-hidden />
      <span>
        {t(`distance.${near}`)}
        {distance !== null && (
          <span className={classes.dim}>{t('distance.value', { value: distance.toFixed(2) })}</span>
        )}
      </span>
    </span>
  );
};
