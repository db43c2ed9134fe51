import type { Figures, Report } from './report.ts';
import { GOAL_LATE_MS } from './report.ts';
import type { Interval } from './statistics.ts';

const percent = (part: number, digits = 1): string =>
  Number.isNaN(part) ? '?' : `${(part * 100).toFixed(digits)} %`;
const share = (interval: Interval | null): string =>
  interval === null
    ? '-'
    : `${percent(interval.value)} (${percent(interval.low)} to ${percent(interval.high)})`;
const rate = (interval: Interval | null): string =>
  interval === null
    ? '-'
    : `${interval.value.toFixed(1)} (${interval.low.toFixed(1)} to ${interval.high.toFixed(1)})`;
const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1_000).toFixed(1)} s`);

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('   ')}`.trimEnd())
    .join('\n');
};

const detection = (all: readonly Figures[]): string =>
  table([
    [
      '',
      'people',
      'clips',
      'minutes',
      'looks with the face',
      'pictures',
      'right number of faces',
      'violations found',
      'late, median',
      'most',
      'false',
      'counted',
      'false an hour',
    ],
    ...all.map((figures) => [
      figures.name,
      String(figures.people),
      String(figures.clips),
      (figures.hours * 60).toFixed(1),
      share(figures.looksWithFace),
      String(figures.pictures),
      share(figures.picturesRight),
      figures.expected === 0 ? '-' : `${figures.found} of ${figures.expected}`,
      seconds(figures.lateMedianMs),
      seconds(figures.lateMostMs),
      String(figures.falseIncidents),
      String(figures.falseCounted),
      rate(figures.falsePerHour),
    ]),
  ]);

const identity = (all: readonly Figures[]): string | null => {
  const rows = all.flatMap(({ name, identity: figures }) =>
    figures === null
      ? []
      : [
          [
            name,
            String(figures.people),
            String(figures.pictures),
            `${figures.samePairs} / ${figures.otherPairs}`,
            share(figures.eer),
            share(figures.tarAtFar1),
            share(figures.tarAtFar01),
            figures.thresholdAtFar01?.toFixed(2) ?? '-',
          ],
        ],
  );
  if (rows.length === 0) return null;
  return table([
    [
      '',
      'people',
      'pictures',
      'pairs, same / other',
      'EER',
      'TAR at FAR 1 %',
      'TAR at FAR 0.1 %',
      'distance',
    ],
    ...rows,
  ]);
};

const warnings = (all: readonly Figures[]): readonly string[] =>
  all.flatMap(({ name, warning }) => (warning === null ? [] : [`  ! ${name}: ${warning}`]));

const section = (title: string, figures: readonly Figures[]): readonly string[] => {
  const known = identity(figures);
  return [
    `\n${title}`,
    detection(figures),
    ...(known === null ? [] : ['', known]),
    ...warnings(figures),
  ];
};

const list = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`\n${title}`, ...lines.map((line) => `  ${line}`)];

/** The report as a person reads it. In brackets 95 % confidence intervals. */
export const printed = (report: Report): string => {
  const { set, normal } = report;
  return [
    `Set: ${set.name}. ${set.about}`,
    ...(set.generated
      ? [
          'This is the generated set of the repository: it says whether the program does what it was made for, not how it does on people. Measure your own: npm run bench:vision -- --set DIR (docs/vision.md).',
        ]
      : []),
    ...section('All', [report.all]),
    ...section('By condition', report.conditions),
    ...Object.entries(report.groups).flatMap(([label, figures]) => section(`By ${label}`, figures)),
    ...list('Violations that were not found', report.missed),
    ...list(
      `Violations found more than ${GOAL_LATE_MS / 1_000} s after the rule's minimum`,
      report.late,
    ),
    ...list('Incidents that nothing in the set explains', report.wrong),
    ...list('Pictures that are not good enough for the identity', report.badPictures),
    `\nNormal behaviour: ${(normal.hours * 60).toFixed(0)} minutes, ${normal.copyAttempts} copy attempts.`,
    report.goalsReached
      ? 'Goals reached: no copy attempt in normal behaviour, every violation found within 2 s of its rule’s minimum, nothing else counted.'
      : 'Goals MISSED: see the lists above.',
  ].join('\n');
};
