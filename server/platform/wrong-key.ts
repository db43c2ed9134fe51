import { StartRefusedError } from './start-refused.ts';

/** The database was encrypted with another key than the one in the data folder. */
export class WrongKeyError extends StartRefusedError {
  constructor() {
    super(
      'server.key no es la clave de esta base de datos: ponga de nuevo la correcta, o dé una vez la orden new-key, que borra todos los registros faciales.',
    );
  }
}
