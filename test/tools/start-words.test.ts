import { describe, expect, test } from 'vitest';
import { commandText, demoText } from '#tools/start/start-words.ts';

describe('what `npm start` says', () => {
  test.each([
    [
      { event: 'codes', enrolmentCodes: ['AAAA-1111', 'BBBB-2222'] },
      'Códigos para registrar equipos (cada uno sirve una vez):\nAAAA-1111\nBBBB-2222',
    ],
    [
      { event: 'access-list', file: '/d/access-list.csv', examinees: 60 },
      'Claves nuevas de 60 examinados: /d/access-list.csv\nLas claves anteriores ya no sirven.',
    ],
    [
      { event: 'time-zone', venueId: 'venue-1', timeZone: 'Pacific/Galapagos' },
      'La sede venue-1 tiene ahora la zona horaria Pacific/Galapagos; reinicie el servidor.',
    ],
    [
      { event: 'institution', name: 'Universidad A' },
      'Las pantallas de ingreso muestran ahora «Universidad A».',
    ],
    [
      { event: 'new-key', changed: true, enrolmentsDeleted: 7 },
      'La base de datos usa la clave nueva. Registros faciales eliminados: 7',
    ],
    [
      { event: 'new-key', changed: false, enrolmentsDeleted: 0 },
      'La clave es la de esta base de datos: no se cambió nada.',
    ],
  ] as const)('%j', (line, text) => expect(commandText(line)).toBe(text));

  test('of a new demo: the first twelve, in columns, and where all of them are', () => {
    const text = demoText({
      event: 'demo',
      file: '/d/log-ins.json',
      staff: [
        { user: 'ana', password: 'secreto', role: 'proctor', name: 'Ana' },
        { user: 'bernardina', password: 's', role: 'supervisor', name: 'Bernardina' },
      ],
      enrolmentCodes: ['CODE-1'],
      examinees: Array.from({ length: 13 }, (_, i) => ({
        name: `Persona ${i + 1}`,
        document: `09${i}`,
        accessCode: 'CLAVE',
        room: 'Aula 1',
        seat: `A${i + 1}`,
      })),
    });
    expect(text).toContain('/d/log-ins.json');
    expect(text).toContain('  ana          secreto   proctor      Ana');
    expect(text).toContain('Persona 12');
    expect(text).not.toContain('Persona 13');
    // A new list would end the codes that were just printed.
    expect(text).not.toContain('access-list');
  });
});
