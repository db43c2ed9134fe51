import Type from 'typebox';

/** What a person may do; where, says the reach of the role. */
export const RIGHTS = [
  /** See the room's tiles and live feed. */
  'watch',
  /** See an attempt's ledger, its evidence, and export it. */
  'inspect',
  /** Order a kiosk to do something. */
  'command',
  /** Decide which release of the kiosk devices are offered. */
  'maintain',
  /** See devices and their passports, enrol and revoke them. */
  'devices',
  /** Decide which builds of the kiosk the institution allows. */
  'builds',
  /** See the code that opens the locked machines of a session. */
  'exit-code',
  /** Enrol somebody in a room, see what they enrolled with, decide on a re-enrolment. */
  'identity',
  /** Set how long pictures are kept, hold and delete them, see the certificates. */
  'privacy',
] as const;
export type Right = (typeof RIGHTS)[number];

/** How far a role reaches: nowhere, its own rooms, its venue, or everything. */
export type Reach = 'nowhere' | 'rooms' | 'venue' | 'all';

interface RoleRow {
  readonly reach: Reach;
  readonly rights: readonly Right[];
}

/**
 * Who may do what, and where (Art. 30-39): the one table that server and browser read. Laboratory technicians see
 * that devices are on line, but no evidence; who writes or validates questions sees no examinee at all.
 */
const TABLE = {
  proctor: { reach: 'rooms', rights: ['watch', 'inspect', 'command', 'exit-code', 'identity'] },
  supervisor: { reach: 'venue', rights: ['watch', 'inspect', 'command', 'exit-code', 'identity'] },
  coordinator: {
    reach: 'all',
    rights: ['watch', 'inspect', 'command', 'maintain', 'devices', 'builds', 'identity', 'privacy'],
  },
  'lab-technician': { reach: 'venue', rights: ['watch', 'maintain', 'devices', 'exit-code'] },
  'exam-author': { reach: 'nowhere', rights: [] },
  'career-director': { reach: 'nowhere', rights: [] },
  authority: { reach: 'all', rights: ['watch', 'inspect'] },
} as const satisfies Readonly<Record<string, RoleRow>>;

export type Role = keyof typeof TABLE;
export const ROLES = Object.keys(TABLE) as readonly Role[];
export const RoleSchema = Type.Unsafe<Role>(Type.Union(ROLES.map((role) => Type.Literal(role))));

/** Whether the role has the right at all, wherever. */
export const roleHas = (role: Role, right: Right): boolean =>
  (TABLE[role] as RoleRow).rights.includes(right);

/** How far the role reaches with every right that it has. */
export const reachOf = (role: Role): Reach => TABLE[role].reach;
