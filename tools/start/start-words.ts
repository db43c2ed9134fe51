/** What the server prints of a demo that it has just made (`server/serve.ts`). */
export interface DemoLine {
  readonly event: 'demo';
  /** Where all of it is written. */
  readonly file: string;
  readonly staff: readonly { user: string; password: string; name: string; role: string }[];
  readonly enrolmentCodes: readonly string[];
  readonly examinees: readonly {
    name: string;
    document: string;
    accessCode: string;
    room: string;
    seat: string;
  }[];
}

/** What the server's commands print (`server/admin-commands.ts`). */
export type CommandLine =
  | { readonly event: 'codes'; readonly enrolmentCodes: readonly string[] }
  | { readonly event: 'access-list'; readonly file: string; readonly examinees: number }
  | { readonly event: 'time-zone'; readonly venueId: string; readonly timeZone: string }
  | { readonly event: 'institution'; readonly name: string }
  | { readonly event: 'new-key'; readonly changed: boolean; readonly enrolmentsDeleted: number };

/** How many examinees are shown: enough to try it. */
const SHOWN_EXAMINEES = 12;

const table = (rows: readonly (readonly string[])[]): string => {
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`)
    .join('\n');
};

export const demoText = ({ file, staff, enrolmentCodes, examinees }: DemoLine): string =>
  [
    `\nUniversidad de demostración creada. Sus claves están también en ${file}: guárdelo y bórrelo.\n`,
    'Personal (tablero)',
    table([
      ['usuario', 'clave', 'rol', 'nombre'],
      ...staff.map((s) => [s.user, s.password, s.role, s.name]),
    ]),
    '\nExaminados (kiosco), los primeros; todos están en ese archivo',
    table([
      ['cédula', 'clave', 'aula', 'puesto', 'nombre'],
      ...examinees
        .slice(0, SHOWN_EXAMINEES)
        .map((e) => [e.document, e.accessCode, e.room, e.seat, e.name]),
    ]),
    `\nCódigos para registrar equipos (cada uno sirve una vez): ${enrolmentCodes.join('  ')}`,
  ].join('\n');

export const commandText = (line: CommandLine): string => {
  switch (line.event) {
    case 'codes':
      return `Códigos para registrar equipos (cada uno sirve una vez):\n${line.enrolmentCodes.join('\n')}`;
    case 'access-list':
      return `Claves nuevas de ${line.examinees} examinados: ${line.file}\nLas claves anteriores ya no sirven.`;
    case 'time-zone':
      return `La sede ${line.venueId} tiene ahora la zona horaria ${line.timeZone}; reinicie el servidor.`;
    case 'institution':
      return `Las pantallas de ingreso muestran ahora «${line.name}».`;
    case 'new-key':
      return line.changed
        ? `La base de datos usa la clave nueva. Registros faciales eliminados: ${line.enrolmentsDeleted}`
        : 'La clave es la de esta base de datos: no se cambió nada.';
  }
};
