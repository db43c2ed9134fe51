import { type CoverageByKind, isCoverageReason } from '#shared/incident/coverage.ts';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import { isConnectionCause } from '#shared/kernel/connection-fault.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { type Passport, verdictOf } from '#shared/wire/passport.ts';
import type { DoctorWords } from './doctor-words.ts';

const LEVELS = ['enforced', 'detected', 'not-watched'] as const;

/** Columns side by side, each as wide as its widest cell but the last. */
const columns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => [...(row[i] ?? '')].length)),
  );
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};

const requirementRow = (line: Requirement, t: DoctorWords): readonly string[] => {
  const { id, outcome, cause, names = [], detail = '', blocks } = line;
  const fault = id === 'server' && isConnectionCause(cause) ? `connection:cause.${cause}` : null;
  const base = `kiosk:device.lines.${id}`;
  const mark = outcome === 'failed' && !blocks ? 'warning' : outcome;
  const why = isCoverageReason(cause) ? t(`coverage:reason.${cause}.what`) : '';
  const said =
    outcome === 'failed'
      ? [
          fault === null ? t([`${base}.wrong.${cause}`, `${base}.wrong.any`]) : t(`${fault}.what`),
          names.join(', '),
          detail === '' ? '' : `[${detail}]`,
          fault === null ? t([`${base}.mend.${cause}`, `${base}.mend.any`]) : t(`${fault}.check`),
          blocks ? `(${t('doctor.blocks')})` : '',
        ]
      : [outcome === 'ok' ? t(`${base}.ok`) : outcome === 'not-watched' ? why : ''];
  return [
    `  [${t(`doctor.mark.${mark}`)}]`,
    t([`${base}.name`, id]),
    said.filter((part) => part !== '').join(' '),
  ];
};

const coverageRows = (coverage: CoverageByKind, t: DoctorWords): readonly (readonly string[])[] =>
  LEVELS.flatMap((level) =>
    INCIDENT_KINDS.filter((kind) => (coverage[kind]?.level ?? 'not-watched') === level).map(
      (kind) => {
        const reason = coverage[kind]?.reason;
        const why =
          reason === undefined
            ? ''
            : `${t(`coverage:reason.${reason}.what`)} ${t(`coverage:reason.${reason}.mend`)}`;
        return [`  [${t(`coverage:level.${level}`)}]`, t(`incidents:${kind}.title`), why];
      },
    ),
  );

/** The passport as a person reads it in a terminal, one line each. */
export const passportTable = (passport: Passport, t: DoctorWords): readonly string[] => {
  const { device, host, keyStore, requirements, coverage, risks, unread = [] } = passport;
  const heads: readonly (readonly string[])[] = [
    [t('doctor.device'), device.name],
    [t('doctor.model'), `${device.manufacturer} ${device.model}`.trim()],
    [t('doctor.system'), `${device.system} (${device.architecture}), ${device.memoryMb} MiB`],
    [t('doctor.version'), host.version],
    [t('doctor.build'), host.build ?? t('doctor.noBuild')],
    [t('doctor.keyStore'), t(`keyStore.${keyStore}`)],
  ];
  return [
    t('doctor.title'),
    '',
    ...columns(heads),
    ...(keyStore === 'file' ? [t('keyStoreWarning')] : []),
    '',
    t('doctor.requirements'),
    ...columns(requirements.map((line) => requirementRow(line, t))),
    '',
    t('doctor.coverage'),
    ...columns(coverageRows(coverage, t)),
    '',
    t('doctor.risks'),
    ...(risks.length === 0
      ? [`  ${t(unread.length === 0 ? 'doctor.noRisks' : 'doctor.noneOfWhatWasRead')}`]
      : []),
    ...risks.map(({ id, names }) => {
      const found = names.length === 0 ? '' : ` (${names.join(', ')})`;
      return `  ${t(`risk.${id}.name`)}${found}: ${t(`risk.${id}.text`)} ${t(`risk.${id}.mend`)}`;
    }),
    ...unread.map(
      ({ part, reason }) =>
        `  ${t('doctor.unread', { part: t(`part.${part}`) })} ${t(`coverage:reason.${reason}.what`)}`,
    ),
    '',
    t(`doctor.verdict.${verdictOf(passport)}`),
  ];
};
