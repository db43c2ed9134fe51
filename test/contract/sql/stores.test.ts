import { describe } from 'vitest';
import { openDatabase } from '#server/platform/sql/sqlite.ts';
import { unitOfWorkContract } from './unit-of-work.contract.ts';

describe('SQLite', () => {
  unitOfWorkContract(() => openDatabase(':memory:'));
});
