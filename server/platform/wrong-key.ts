/** The database was encrypted with another key than the one in the data folder. */
export class WrongKeyError extends Error {
  constructor() {
    super(
      'server.key is not the key of this database: put the right one back, or run the command new-key once, which deletes all enrolments',
    );
  }
}
