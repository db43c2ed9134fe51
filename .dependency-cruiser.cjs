/**
 * The import law of docs/architecture.md. `test/arch` plants one violation of each rule and asserts
 * that it is reported, so that a rule that matches nothing cannot stay green.
 */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

const TYPEBOX = 'node_modules/typebox/';

/** What tools may import of the programs. */
const TOOLS_ENTRIES = [
  '^server/(app|compose)\\.ts$',
  // Releases are administered where the server's data is, without the server.
  '^server/fleet/(releases|release-ports|release-files)\\.ts$',
  // What is wrong with a command line is said in the same words by all.
  '^server/platform/option-fault\\.ts$',
  // The verifier reads the server's certificates.
  '^server/privacy/certificates\\.ts$',
  // What is measured, the page that a script drives, and what the build tells the service worker.
  '^renderer/vision/(look-pace|vision-process|worker/vision-messages)\\.ts$',
  '^renderer/(rehearsal/rehearsal|service-worker/page-messages)\\.ts$',
];

/** The server's features, the lowest first: each knows only those before it, by type too. */
const FEATURES = [
  'platform',
  'people',
  'record',
  'fleet',
  'identity',
  'exam',
  'privacy',
  'room',
  'demo',
];

/** One rule for each feature: nothing above it, nothing of what folds and starts them. */
const features = FEATURES.map((name, i) => {
  const above = FEATURES.slice(i + 1);
  return {
    name: `feature-${name}`,
    comment: `${name} knows only the features below it; what it needs of those above is handed in.`,
    severity: 'error',
    from: { path: `^server/${name}/` },
    to: { path: `^server/(${[...above.map((other) => `${other}/`), '[^/]+\\.ts$'].join('|')})` },
  };
});

/** Files of the server that only some others may import: by the role in their names. */
const roles = [
  {
    name: 'stores-in-compose-only',
    comment:
      'Stores are picked in compose.ts; a store builds on those of its own feature and the platform’s.',
    severity: 'error',
    from: { path: '^server/', pathNot: '^server/compose\\.ts$|\\.(sql|sqlite|postgres)\\.ts$' },
    to: { path: '^server/(?!platform/sql/).*\\.(sql|sqlite|postgres)\\.ts$' },
  },
  {
    name: 'stores-of-one-feature',
    severity: 'error',
    from: { path: '^server/([^/]+)/.*\\.(sql|sqlite|postgres)\\.ts$' },
    to: { path: '^server/.*\\.(sql|sqlite|postgres)\\.ts$', pathNot: '^server/($1|platform)/' },
  },
  {
    name: 'sql-in-stores-only',
    comment: 'Only stores and what opens the database know SQL.',
    severity: 'error',
    from: {
      path: '^server/',
      pathNot: '^server/(compose\\.ts|platform/sql/)|\\.(sql|sqlite|postgres)\\.ts$',
    },
    to: { path: '^server/platform/sql/|node_modules/(kysely|better-sqlite3|pg)/' },
  },
  {
    name: 'routes-of-one-feature',
    comment: 'A feature folds its own routes, and nobody else’s.',
    severity: 'error',
    from: { path: '^server/([^/]+)/' },
    to: { path: '^server/.*\\.routes\\.ts$', pathNot: '^server/$1/' },
  },
  {
    name: 'routes-in-features-only',
    severity: 'error',
    from: { path: '^server/', pathNot: '\\.feature\\.ts$' },
    to: { path: '^server/.*\\.routes\\.ts$' },
  },
  {
    name: 'features-in-app-only',
    comment:
      'Features are folded by app.ts; the file of a feature above reads the types of those below.',
    severity: 'error',
    from: { path: '^server/', pathNot: '^server/app\\.ts$|\\.feature\\.ts$' },
    to: { path: '^server/.*\\.feature\\.ts$' },
  },
  {
    name: 'app-folds',
    comment: 'app.ts knows features and the platform, and nothing inside a feature.',
    severity: 'error',
    from: { path: '^server/app\\.ts$' },
    to: {
      path: '^server/',
      pathNot: '^server/(platform/|[^/]+/[^/]+\\.feature\\.ts$)',
    },
  },
  {
    name: 'use-cases-no-fastify',
    comment: 'Of a feature, only its routes know Fastify.',
    severity: 'error',
    from: {
      path: `^server/(${FEATURES.filter((name) => name !== 'platform').join('|')})/`,
      pathNot: '\\.(routes|http)\\.ts$',
    },
    to: { path: 'node_modules/(fastify|@fastify)/' },
  },
  {
    name: 'use-cases-no-http',
    comment: 'What reads a request is for routes and for what hands it to them.',
    severity: 'error',
    from: { path: '^server/', pathNot: '\\.(routes|http|feature)\\.ts$' },
    to: { path: '^server/.*\\.http\\.ts$' },
  },
];

module.exports = {
  forbidden: [
    ...features,
    ...roles,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment:
        'The suffix ?url (the address of a file of a package) is the bundler’s; its build fails without the file.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?url$' },
    },
    only(
      'kernel',
      '^shared/kernel/',
      ['^shared/kernel/', TYPEBOX],
      'The kernel knows nothing else.',
    ),
    only(
      'exam',
      '^shared/exam/',
      ['^shared/(kernel|exam|incident|identity)/', TYPEBOX],
      'Exam rules know kernel and policy.',
    ),
    only(
      'incident',
      '^shared/incident/',
      ['^shared/(kernel|incident)/', TYPEBOX],
      'Incident rules know only the kernel.',
    ),
    only(
      'identity',
      '^shared/identity/',
      ['^shared/(kernel|incident|identity)/', TYPEBOX],
      'Identity rules know what the camera measured.',
    ),
    only(
      'ledger',
      '^shared/ledger/',
      ['^shared/(kernel|ledger)/', TYPEBOX],
      'The ledger is neutral: what its entries say, the wire knows.',
    ),
    only(
      'wire',
      '^shared/wire/',
      ['^shared/(kernel|exam|incident|identity|ledger|wire)/', TYPEBOX],
      'Wire: schemas over the three.',
    ),
    only(
      'attempt',
      '^shared/attempt/',
      ['^shared/(kernel|exam|incident|identity|ledger|wire|attempt)/', TYPEBOX],
      'The fold over the ledger.',
    ),
    only(
      'ports',
      '^shared/ports/',
      ['^shared/(?!(chain|kiosk)/)', TYPEBOX],
      'Ports know everything shared but chain and engine.',
    ),
    only(
      'chain',
      '^shared/chain/',
      ['^shared/(kernel|ledger|wire|ports|chain)/', TYPEBOX],
      'Sealing and verifying: entries, what they say, and the cryptography of a port.',
    ),
    only('kiosk-engine', '^shared/kiosk/', ['^shared/', TYPEBOX], 'The engine runs in any host.'),
    {
      name: 'electron-alone',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^(renderer|server|tools|test)/' },
    },
    {
      name: 'renderer-alone',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(electron|server|tools|test)/' },
    },
    {
      name: 'server-alone',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(electron|renderer|tools|test)/' },
    },
    {
      name: 'protocol-client-alone',
      comment:
        'A client of the written protocol alone: Node, a WebSocket, and nothing that the product knows.',
      severity: 'error',
      from: { path: '^test/protocol-client/' },
      to: {
        pathNot: '^test/protocol-client/|node_modules/(@types/)?ws/',
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'tools-alone',
      comment:
        'Tools build, start and measure the product: of its programs they know the entry points named here, of tests nothing.',
      severity: 'error',
      from: { path: '^tools/' },
      to: { path: '^(test|electron|renderer|server)/', pathNot: TOOLS_ENTRIES },
    },
    only(
      'preload',
      '^electron/preload/',
      [
        '^electron/preload/',
        '^shared/wire/',
        '^shared/kiosk/machine/own-text\\.ts$',
        'node_modules/(electron|typebox)/',
        '^electron$',
      ],
      'A preload knows the wire and Electron, and what of the clipboard is a fact on either host.',
    ),
    {
      name: 'adapters-in-compose-only',
      severity: 'error',
      from: {
        path: '^(electron|renderer)/',
        pathNot: '(^|/)(compose|adapters)[./]|^electron/(sensors|kiosk)/',
      },
      to: { path: '^(electron|renderer)/adapters/' },
    },
    {
      name: 'dashboard-features',
      comment:
        'shell <- people, fleet, enrolments, privacy; shell <- live <- attempt <- room. They meet in the shell.',
      severity: 'error',
      from: { path: '^renderer/dashboard/(shell|people|fleet|enrolments|privacy|live)/' },
      to: { path: '^renderer/dashboard/', pathNot: '^renderer/dashboard/(shell|$1)/' },
    },
    {
      name: 'dashboard-attempt',
      severity: 'error',
      from: { path: '^renderer/dashboard/attempt/' },
      to: { path: '^renderer/dashboard/', pathNot: '^renderer/dashboard/(shell|live|attempt)/' },
    },
    {
      name: 'dashboard-room',
      severity: 'error',
      from: { path: '^renderer/dashboard/room/' },
      to: {
        path: '^renderer/dashboard/',
        pathNot: '^renderer/dashboard/(shell|live|attempt|room)/',
      },
    },
    {
      name: 'screens-no-host',
      severity: 'error',
      from: { path: '^renderer/((kiosk|enrolment)/screens|dashboard/[^/]+)/' },
      to: { path: '^renderer/(adapters)/|/compose\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
