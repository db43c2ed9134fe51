import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

interface Before {
  meta: { key: string; value: string };
}

/** What was imported is remembered under its name: so far that was the demo alone. How it checks identity, its sessions say. */
export const importMarks: Migration = {
  async up(db: Kysely<Before>): Promise<void> {
    await db.updateTable('meta').set({ key: 'imported:demo' }).where('key', '=', 'demo').execute();
    await db.deleteFrom('meta').where('key', '=', 'demo-identity').execute();
  },
};
