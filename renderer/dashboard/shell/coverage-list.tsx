import { IconEye, IconEyeOff, IconShieldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Coverage, CoverageByKind } from '#shared/incident/coverage.ts';
import { INCIDENT_KINDS, isIncidentKind, type KindName } from '#shared/incident/kind.ts';
import classes from './coverage-list.module.css';

const LEVELS = ['not-watched', 'detected', 'enforced'] as const;
type Level = Coverage['level'];
const ICON = { 'not-watched': IconEyeOff, detected: IconEye, enforced: IconShieldCheck } as const;
const COUNT = {
  'not-watched': 'panel.coverageNone',
  detected: 'panel.coverageDetected',
  enforced: 'panel.coverageEnforced',
} as const;

/** In the catalogue's order; what only the host's version knows comes last. */
const kindsAt = (coverage: CoverageByKind, level: Level): readonly KindName[] => {
  const levels: Readonly<Record<string, Coverage | undefined>> = coverage;
  const others = Object.keys(levels).filter((kind) => !isIncidentKind(kind));
  return [...INCIDENT_KINDS, ...others].filter((kind) => levels[kind]?.level === level);
};

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
                const reason = (coverage as Readonly<Record<string, Coverage | undefined>>)[kind]
                  ?.reason;
                return (
                  <li key={kind}>
                    {t([`incidents:${kind}.staff`, 'incidents:unknown.staff'], { kind: kind })}
                    {reason !== undefined && (
                      <span className={classes.reason}>
                        {level !== 'not-watched' && `${t('panel.coveragePartly')}: `}
                        {t([`coverage:reason.${reason}.what`, 'coverage:reason.unknown.what'])}{' '}
                        {t([`coverage:reason.${reason}.mend`, 'coverage:reason.unknown.mend'])}
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
