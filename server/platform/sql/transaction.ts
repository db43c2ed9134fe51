import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely } from 'kysely';
import { TransactionMisuseError, type UnitOfWork } from '#server/platform/unit-of-work.ts';
import { ConnectionLock } from './connection-lock.ts';
import type { Tables } from './tables.ts';

/** The transaction that the running code is in, if any. What it started and did not wait for may outlive it. */
const running = new AsyncLocalStorage<{ open: boolean }>();

/**
 * For whoever takes a connection of their own.
 * @throws TransactionMisuseError inside a transaction, whose stores have theirs already.
 */
export const refuseInsideTransaction = (): void => {
  if (running.getStore()?.open !== true) return;
  throw new TransactionMisuseError(
    'a store that is not of the running transaction was used inside it, or a second one was begun',
  );
};

/** Who waits for a turn waits here and not on a connection, of which there are few. */
const turns = new WeakMap<Kysely<Tables>, ConnectionLock>();
const turnOf = (db: Kysely<Tables>): ConnectionLock => {
  const known = turns.get(db) ?? new ConnectionLock();
  turns.set(db, known);
  return known;
};

const begin = async <T>(
  db: Kysely<Tables>,
  work: (tx: Kysely<Tables>) => Promise<T>,
): Promise<T> => {
  refuseInsideTransaction();
  const turn = turnOf(db);
  await turn.acquire();
  try {
    return await db.transaction().execute((tx) => {
      const state = { open: true };
      return running.run(state, () =>
        work(tx).finally(() => {
          state.open = false;
        }),
      );
    });
  } finally {
    turn.release();
  }
};

/**
 * Several statements of a store as one change: joins the transaction that the store is bound to, or begins one.
 * @param db the store's; a transaction's own joins.
 */
export const inTransaction = <T>(
  db: Kysely<Tables>,
  work: (tx: Kysely<Tables>) => Promise<T>,
): Promise<T> => (db.isTransaction ? work(db) : begin(db, work));

/** @param storesOf the stores on a connection or transaction; cheap, since each unit of work makes its own. */
export const sqlUnitOfWork = <Stores>(
  db: Kysely<Tables>,
  storesOf: (db: Kysely<Tables>) => Stores,
): UnitOfWork<Stores> => {
  if (db.isTransaction) throw new TransactionMisuseError('a unit of work begins transactions');
  return { transaction: (work) => inTransaction(db, (tx) => work(storesOf(tx))) };
};
