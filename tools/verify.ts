import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Unjudged } from '#shared/attempt/replay.ts';
import {
  type CheckName,
  type Finding,
  type Reason,
  type Report,
  verifyBundle,
} from './verify-bundle.ts';

/**
 * `npm run verify -- EXPEDIENTE`: checks an exported attempt off line, for whoever has to decide about it.
 * Exit code 0: everything stands; 1: something does not (the first such entry is named); 2: not a bundle; 3: nothing is
 * wrong, but the rules are of another version and were not replayed, or not to the end.
 */

const CHECKS: Readonly<Record<CheckName, readonly [name: string, counted: string]>> = {
  chain: ['Cadena', 'entradas en orden, enlazadas y sin cambios'],
  signatures: ['Firmas', 'firmas del equipo, correctas'],
  evidence: ['Evidencia', 'imágenes presentes y sin cambios'],
  rules: ['Reglas', 'incidencias, tal como resultan de lo observado'],
};

const REASONS: Readonly<Record<Reason, string>> = {
  malformed: 'no tiene la forma de una entrada',
  'other-attempt': 'pertenece a otro intento',
  sequence: 'no sigue a la anterior: falta una entrada, está repetida o fuera de orden',
  time: 'su hora es anterior a la de la entrada previa',
  previous: 'no enlaza con la entrada anterior',
  hash: 'su contenido no corresponde a su huella',
  data: 'sus datos no corresponden a su tipo o son demasiado grandes',
  'signature-missing': 'le falta la firma',
  'signature-wrong': 'su firma no corresponde al equipo',
  opening: 'la apertura no es la primera entrada o nombra otra clave que la del equipo',
  'incident-missing': 'falta aquí una incidencia o un intento de copia que resulta de lo observado',
  'incident-unfounded': 'no resulta de lo observado',
  'incident-different': 'no es como resulta de lo observado',
  'wrong-number': 'su número de intento de copia no es el que corresponde',
  'not-closed': 'el examen siguió después del límite de intentos de copia',
  'closed-too-early': 'se cerró por intentos de copia antes del límite',
  'started-unidentified': 'el examen empezó sin que la cámara o una persona dijera quién lo rinde',
  'closed-twice': 'se cerró por segunda vez',
  'evidence-missing': 'falta una imagen que menciona',
  'evidence-altered': 'una imagen que menciona fue cambiada',
  'bundle-of-another-attempt': 'pertenece a un intento distinto del que nombra el expediente',
};

const UNJUDGED: Readonly<Record<Unjudged['reason'], string>> = {
  'rules-version': 'son de otra versión',
  'unknown-kind': 'juzgan una clase de incidencia que esta versión no conoce',
};

const lineOf = (finding: Finding): string => {
  const [name, counted] = CHECKS[finding.check];
  if (finding.ok && finding.unjudged !== undefined) {
    const { seq, reason } = finding.unjudged;
    return `  aviso ${name}: ${UNJUDGED[reason]}; no se repasaron desde la entrada ${seq}. Use el verificador de la versión que las escribió.`;
  }
  if (finding.ok && finding.deleted !== undefined) {
    return `  bien  ${name}: ${finding.count} ${counted}; ${finding.deleted} borradas, con certificado firmado.`;
  }
  return finding.ok
    ? `  bien  ${name}: ${finding.count} ${counted}.`
    : `  MAL   ${name}: entrada ${finding.seq}: ${REASONS[finding.reason]}.`;
};

const unjudged = ({ findings }: Report): boolean =>
  findings.some((finding) => finding.ok && finding.unjudged !== undefined);

const print = (report: Report): void => {
  const state = report.closed ? 'cerrado' : 'abierto';
  console.log(
    `Expediente del intento ${report.attemptId} (${state}), exportado el ${new Date(report.exportedAt).toISOString()}: ${report.entries} entradas, ${report.copyAttempts} intentos de copia vigentes.`,
  );
  for (const finding of report.findings) console.log(lineOf(finding));
  for (const publicKey of report.certificateKeys)
    console.log(
      `  aviso compare la clave de los certificados de borrado con la del servidor: ${publicKey}.`,
    );
  if (report.unsignedTail > 0)
    console.log(
      `  aviso entradas finales que aún no respalda ninguna firma: ${report.unsignedTail}.`,
    );
  if (report.unknown.entries > 0)
    console.log(
      `  aviso de una versión posterior, desconocido aquí: ${report.unknown.entries} (${report.unknown.names.join(', ')}).`,
    );
  console.log(
    report.firstBroken === null
      ? unjudged(report)
        ? 'Resultado: nada está mal, pero las reglas no se repasaron por completo.'
        : 'Resultado: el expediente es válido.'
      : `Resultado: el expediente NO es válido. Primera entrada con fallas: ${report.firstBroken}.`,
  );
};

const readBundle = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** @param args the words of the command line. @returns the exit code. */
export const main = async ([file]: readonly string[]): Promise<number> => {
  if (file === undefined) {
    console.error('Uso: npm run verify -- EXPEDIENTE.json');
    return 2;
  }
  // npm changes to the project's folder; the path is meant from where the person is.
  const report = await verifyBundle(await readBundle(resolve(process.env.INIT_CWD ?? '.', file)));
  if (report === null) {
    console.error(`${file} no es un expediente exportado por Atalaya.`);
    return 2;
  }
  print(report);
  if (report.firstBroken !== null) return 1;
  return unjudged(report) ? 3 : 0;
};

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
