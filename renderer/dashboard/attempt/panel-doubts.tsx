import { useTranslation } from 'react-i18next';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import classes from './panel-incidents.module.css';

/** Why a person should look at the record itself: what broke it, what it says against the server, what is missing. */
export const PanelDoubts = ({ doubts }: { doubts: AttemptDetail['doubts'] }) => {
  const { t } = useTranslation('dashboard');
  const { broken, contradictions, missingPictures } = doubts;
  if (broken === null && contradictions.length === 0 && missingPictures === 0) return null;
  const entry = (seq: number | null) => (seq === null ? '' : ` (${t('doubts.entry', { seq })})`);
  return (
    <section aria-labelledby="panel-doubts">
      <h3 id="panel-doubts" className={classes.title}>
        {t('doubts.title')}
      </h3>
      <ul className={classes.list}>
        {broken !== null && (
          <li className={classes.item} data-break={broken.code}>
            {t(`doubts.break.${broken.code}`)}
            {entry(broken.seq)}
          </li>
        )}
        {contradictions.map(({ code, seq }) => (
          <li key={code} className={classes.item} data-contradiction={code}>
            {t(`doubts.contradiction.${code}`)}
            {entry(seq)}
          </li>
        ))}
        {missingPictures > 0 && (
          <li className={classes.item} data-missing-pictures>
            {t('doubts.pictures', { count: missingPictures })}
          </li>
        )}
      </ul>
      {contradictions.length > 0 && <p className={classes.facts}>{t('doubts.hint')}</p>}
    </section>
  );
};
