import { IconEye, IconEyeOff, IconShieldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Coverage, CoverageByKind } from '#shared/incident/coverage.ts';
import { INCIDENT_KINDS, type IncidentKind } from '#shared/incident/kind.ts';
import classes from './coverage-list.module.css';

const LEVELS = ['not-watched', 'detected', 'enforced'] as const;
type Level = Coverage['level'];
const ICON = { 'not-watched': IconEyeOff, detected: IconEye, enforced: IconShieldCheck } as const;
const COUNT = {
  'not-watched': 'panel.coverageNone',
  detected: 'panel.coverageDetected',
  enforced: 'panel.coverageEnforced',
} as const;

const kindsAt = (coverage: CoverageByKind, level: Level): readonly IncidentKind[] =>
  INCIDENT_KINDS.filter((kind) => coverage[kind]?.level === level);

/** What the examinee's host stops, sees and does not watch, and for the last what to do about it. */
export const CoverageList = ({ coverage }: { coverage: CoverageByKind }) => {
  const { t } = useTranslation(['dashboard', 'coverage', 'incidents']);
  const counts = LEVELS.toReversed().map((level) =>
    t(COUNT[level], { count: kindsAt(coverage, level).length }),
  );
  return (
    <details className={classes.details} data-coverage>
      <summary className={classes.summary}>
        <span>{t('panel.coverage')}</span>
        <span className={classes.counts}>{counts.join(' · ')}</span>
      </summary>
      {LEVELS.map((level) => {
        const kinds = kindsAt(coverage, level);
        if (kinds.length === 0) return null;
        const Icon = ICON[level];
        return (
          <section key={level} className={classes.level} data-level={level}>
            <h3>
              <Icon size="1.125rem" aria-hidden />
              {t(`coverage:level.${level}`)}
            </h3>
            <ul>
              {kinds.map((kind) => {
                const reason = coverage[kind]?.reason;
                return (
                  <li key={kind}>
                    {t(`incidents:${kind}.staff`)}
                    {reason !== undefined && (
                      <span className={classes.reason}>
                        {level !== 'not-watched' && `${t('panel.coveragePartly')}: `}
                        {t(`coverage:reason.${reason}.what`)} {t(`coverage:reason.${reason}.mend`)}
                      </span>
                    )}
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </details>
  );
};
