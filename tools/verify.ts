import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { optionFault } from '#server/platform/option-fault.ts';
import type { Unjudged } from '#shared/attempt/replay.ts';
import { type ReceiptFault, readReceipt } from './verify/receipt-code.ts';
import {
  type CheckName,
  type Finding,
  type Reason,
  type Report,
  verifyBundle,
} from './verify-bundle.ts';

/**
 * `npm run verify -- EXPEDIENTE`: checks an exported attempt off line, for whoever has to decide about it.
 * Exit code 0: everything stands; 1: something does not (the first such entry is named); 2: not a bundle, or a command
 * line that cannot be meant; 3: nothing is
 * wrong, but the rules are of another version and were not replayed, or not to the end.
 */

const CHECKS: Readonly<Record<CheckName, readonly [name: string, counted: string]>> = {
  chain: ['Cadena', 'entradas en orden, enlazadas y sin cambios'],
  signatures: ['Firmas', 'firmas del equipo, correctas'],
  evidence: ['Evidencia', 'imágenes presentes y sin cambios'],
  rules: ['Reglas', 'incidencias, tal como resultan de lo observado'],
  given: ['Servidor', 'entradas comparadas con lo que el servidor entregó y ordenó'],
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
  'before-the-gate':
    'se juzgó por la cámara o se respondió antes de que quien rinde el examen dijera que es él o ella',
  'closed-twice': 'se cerró por segunda vez',
  session: 'se abrió para otra sesión',
  policy: 'sus reglas no son las que entregó el servidor',
  'identity-settings': 'la identidad no se verifica como lo indicó el servidor',
  enrolment: 'dice otra cosa sobre el registro facial que lo que entregó el servidor',
  host: 'nombra otra clase de programa que la del equipo',
  coverage: 'dice vigilar lo que ese programa no puede vigilar',
  steps: 'falta un paso antes del examen, o está fuera de su lugar',
  'rules-version': 'se aceptó otra versión de las reglas',
  'device-check': 'a la revisión del equipo le falta algo, o siguió aunque falló',
  'identity-check': 'la verificación del rostro no pudo terminar así',
  'staff-code': 'un acto del personal en el equipo, sin prueba del código',
  authorisation: 'la autorización de la alternativa al documento no corresponde',
  order: 'nadie dio esta orden',
  'order-refused': 'se rechazó una orden que podía cumplirse',
  'order-ignored': 'el examen siguió después de la orden de cerrarlo',
  'room-view': 'nadie pidió esta vista del aula',
  message: 'nadie envió este mensaje',
  incident: 'responde a una incidencia que no existe',
  duration: 'la duración no es la que entregó el servidor',
  form: 'las preguntas no son las que entregó el servidor',
  'shift-end': 'el fin del turno no es el que consta en el servidor',
  'start-time': 'el examen empezó fuera del turno o antes de recibir las preguntas',
  'started-twice': 'el examen empezó por segunda vez',
  question: 'nombra una pregunta u opción que no está en su examen',
  'answer-late': 'se trabajó en el examen después del fin del tiempo',
  'answer-stopped': 'se trabajó en el examen mientras no corría',
  'answer-after-ending':
    'se respondió después de que el personal terminó el examen porque el equipo no respondía',
  'closed-unordered': 'se cerró en nombre del personal, que no lo ordenó',
  'time-left': 'se cerró con un tiempo restante que no corresponde',
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
  if (finding.ok && finding.absent === true) {
    return `  aviso ${name}: el expediente no trae lo que el servidor entregó y ordenó; no se comparó.`;
  }
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

const receiptLine = (fault: ReceiptFault): string => {
  switch (fault.reason) {
    case 'other-attempt':
      return 'es de otro intento';
    case 'cut':
      return fault.from === fault.to
        ? `falta la entrada ${fault.to}: el expediente fue cortado`
        : `faltan las entradas ${fault.from} a ${fault.to}: el expediente fue cortado`;
    case 'other-entry':
      return `la entrada ${fault.seq} no es la que el comprobante nombra`;
  }
};

const subjectLine = (about: Report['about']): string =>
  about === null || about === undefined
    ? 'El expediente no dice de quién es ni de qué examen.'
    : `Según el servidor: ${about.examinee} (${about.document}), ${about.exam}, ${about.room}, puesto ${about.seat}.`;

const print = (report: Report, compared: boolean): void => {
  const state = report.closed ? 'cerrado' : 'abierto';
  console.log(
    `Expediente del intento ${report.attemptId} (${state}), exportado el ${new Date(report.exportedAt).toISOString()}: ${report.entries} entradas, ${report.copyAttempts} intentos de copia vigentes.`,
  );
  const { carriedFrom } = report;
  if (carriedFrom.length > 0) {
    const from = [...new Set(carriedFrom)].join(', ');
    console.log(`Cuentan además ${carriedFrom.length} que constan en otro equipo: ${from}.`);
  }
  console.log(subjectLine(report.about));
  for (const finding of report.findings) console.log(lineOf(finding));
  if (report.receipt !== null) console.log(`  MAL   Comprobante: ${receiptLine(report.receipt)}.`);
  else if (compared) console.log('  bien  Comprobante: nombra una entrada del expediente.');
  else
    console.log(
      '  aviso lo que se haya cortado al final solo se nota con el comprobante del examinado (--receipt).',
    );
  console.log(`  Huella de la última entrada válida: ${report.head ?? 'ninguna'}`);
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
  if (report.receipt !== null && report.firstBroken === null) {
    console.log('Resultado: el expediente NO corresponde al comprobante.');
    return;
  }
  console.log(
    report.firstBroken === null
      ? unjudged(report)
        ? 'Resultado: nada está mal, pero las reglas no se repasaron por completo.'
        : 'Resultado: el expediente es válido.'
      : `Resultado: el expediente NO es válido. Primera entrada con fallas: ${report.firstBroken}.`,
  );
};

/** What is in a file, or the sentence that says why it cannot be read. */
const readBundle = async (
  path: string,
): Promise<{ readonly value: unknown } | { readonly fault: string }> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { fault: `No existe el archivo ${path}.` };
    if (code === 'EISDIR') return { fault: `${path} es una carpeta, no un expediente.` };
    return { fault: `No se puede leer ${path}: ${code ?? String(failure)}.` };
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    const cut = text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}');
    return {
      fault: cut
        ? `${path} está incompleto: el archivo se cortó, por ejemplo al copiarlo. No es un expediente que se pueda verificar.`
        : `${path} no es un expediente exportado por Atalaya.`,
    };
  }
};

const USAGE = `npm run verify -- EXPEDIENTE.json [--receipt CÓDIGO]

  EXPEDIENTE.json    un intento exportado desde el tablero
  --receipt CÓDIGO   lo que dice el comprobante del examinado: el texto de su QR, o ENTRADAS:HUELLA. Solo con él se nota
                     que a un expediente le falta el final

Termina con 0 si todo está bien, 1 si algo no lo está, 2 si no se pudo verificar, 3 si las reglas son de otra versión.`;

const misuse = (sentence: string): number => {
  console.error(`${sentence}\n\n${USAGE}`);
  return 2;
};

const optionsOf = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { receipt: { type: 'string' }, help: { type: 'boolean', default: false } },
  });

/** @param args the words of the command line. @returns the exit code. */
export const main = async (args: readonly string[]): Promise<number> => {
  let options: ReturnType<typeof optionsOf>;
  try {
    options = optionsOf(args);
  } catch (failure) {
    const sentence = optionFault(failure);
    if (sentence === null) throw failure;
    return misuse(sentence);
  }
  const { values, positionals } = options;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [file, surplus] = positionals;
  if (file === undefined) return misuse('Falta el expediente.');
  if (surplus !== undefined) return misuse(`«${surplus}» está de más.`);
  const receipt = values.receipt === undefined ? null : readReceipt(values.receipt);
  if (values.receipt !== undefined && receipt === null)
    return misuse('El código no es el de un comprobante: atalaya-receipt:1:… o ENTRADAS:HUELLA.');
  // npm changes to the project's folder; the path is meant from where the person is.
  const content = await readBundle(resolve(process.env.INIT_CWD ?? '.', file));
  if ('fault' in content) {
    console.error(content.fault);
    return 2;
  }
  const report = await verifyBundle(content.value, receipt);
  if (report === null) {
    console.error(`${file} no es un expediente exportado por Atalaya.`);
    return 2;
  }
  print(report, receipt !== null);
  if (report.firstBroken !== null || report.receipt !== null) return 1;
  return unjudged(report) ? 3 : 0;
};

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
