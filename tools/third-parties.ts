// `npm run third-parties`: what of others ships, under which licences, and what is known against it.
import { join } from 'node:path';
import { commandOptions } from '#tools/command-options.ts';
import { mayShip } from '#tools/third-parties/allowed.ts';
import { type Advisory, type AuditAnswer, askRegistry } from '#tools/third-parties/audit.ts';
import { type Part, shippedParts } from '#tools/third-parties/shipped.ts';

const ROOT = join(import.meta.dirname, '..');

const USAGE = `npm run third-parties -- [opciones]

  (sin opciones)   licencias de todo lo ajeno que se entrega, y las vulnerabilidades que conoce el registro de npm
  --offline        solo las licencias, sin preguntar al registro
  --list           también la lista completa

Termina con 0 si todo está bien (o el registro no contesta), 1 si algo se entrega con una licencia que nadie ha admitido,
2 si no se entiende la orden, 3 si el registro conoce alguna vulnerabilidad.`;

/** Parts whose licence nobody has allowed. */
export const refusedParts = (parts: readonly Part[]): readonly Part[] =>
  parts.filter(({ name, licence }) => !mayShip(name, licence));

const advisoryLine = ({ name, severity, title, url, paths }: Advisory): string =>
  `  ${severity.padEnd(9)} ${name}: ${title}${url === '' ? '' : ` (${url})`}\n${paths.map((path) => `            ${path}`).join('\n')}`;

/** What there is to say of the registry's answer, in lines. */
export const auditLines = (answer: AuditAnswer): readonly string[] => {
  if ('unanswered' in answer)
    return [
      `Aviso: el registro de npm no contesta (${answer.unanswered}). No se comprobó si hay vulnerabilidades.`,
    ];
  const { advisories } = answer;
  return advisories.length === 0
    ? ['Vulnerabilidades: ninguna que el registro conozca.']
    : [`Vulnerabilidades: ${advisories.length}.`, ...advisories.map(advisoryLine)];
};

/** What there is to say of the licences, in lines. */
export const licenceLines = (parts: readonly Part[]): readonly string[] => {
  const refused = refusedParts(parts);
  const by = Map.groupBy(parts, ({ licence }) => licence ?? 'sin licencia');
  const counts = [...by]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([licence, some]) => `${licence} ${some.length}`);
  return [
    `Licencias de lo que se entrega (${parts.length} obras): ${counts.join(', ')}.`,
    ...refused.map(
      ({ name, version, licence }) =>
        `  NO ADMITIDA  ${name} ${version}: ${licence ?? 'no dice ninguna'}. Decídalo una persona: tools/third-parties/allowed.ts`,
    ),
  ];
};

const main = async (): Promise<number> => {
  const { values } = commandOptions(USAGE, {
    options: {
      offline: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const parts = shippedParts(ROOT);
  if (values.list)
    for (const { name, version, licence, within } of parts)
      console.log(
        `${name} ${version}  ${licence ?? '?'}${within === null ? '' : `  (en ${within})`}`,
      );
  for (const line of licenceLines(parts)) console.log(line);
  const answer = values.offline ? null : await askRegistry(ROOT);
  for (const line of answer === null ? [] : auditLines(answer)) console.log(line);
  if (refusedParts(parts).length > 0) return 1;
  return answer !== null && 'advisories' in answer && answer.advisories.length > 0 ? 3 : 0;
};

if (import.meta.main) process.exitCode = await main();
