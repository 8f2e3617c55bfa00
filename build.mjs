import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';

/** Source files directly in a folder; none when it does not exist. */
async function entriesIn(folder) {
  const files = await readdir(folder).catch(() => []);
  return files.filter((file) => file.endsWith('.ts')).map((file) => `${folder}/${file}`);
}

/**
 * Parts of the AWS SDK that are imported when they are first needed and never are: credentials of other places than
 * Lambda's environment, which always has some, and event streams, which no call of ours has. Left out they save a quarter of a bundle.
 */
const NEVER_REACHED = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/core/event-streams',
  '@smithy/credential-provider-imds',
];

/** Errors of AWS that are told apart by their class; `lib/aws/conditions.ts`. */
const KNOWN_ERRORS = [
  'ConditionalCheckFailedException',
  'TransactionCanceledException',
  'TransactionConflictException',
];

/** Descriptions of inputs and outputs, whose computed names keep those in a bundle that nothing uses. */
const SCHEMA = / = (\[-?\d+, .*?\]);$/gms;

/**
 * The SDK without what is not needed: classes for all other errors, which keep their names without (retries go by that),
 * descriptions of calls that are not made, each client's package.json but for the version, and a cache of endpoints that
 * DynamoDB is only asked for where a setting that no function has says so. Left out they save a sixth of a bundle.
 */
const lessOfTheSdk = {
  name: 'less-of-the-sdk',
  setup({ onLoad }) {
    const needless = new RegExp(
      `^n0_registry\\.registerError\\((?!${KNOWN_ERRORS.join('|')}).+\\);$`,
      'gm',
    );
    onLoad(
      { filter: /@aws-sdk\/client-[a-z]+\/dist-es\/schemas\/schemas_0\.js$/ },
      async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const lean = source
          .replaceAll(needless, '')
          .replaceAll(SCHEMA, ' = /* @__PURE__ */ (() => $1)();');
        return { contents: unmapped(lean) };
      },
    );
    onLoad({ filter: /@aws-sdk\/client-[a-z]+\/package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    onLoad({ filter: /@aws-sdk\/endpoint-cache\/dist-es\/index\.js$/ }, () => ({
      contents: unmapped('export class EndpointCache {}'),
    }));
  },
};

/**
 * Packages are not told of in source maps, which Node reads and parses whole when a function starts: traces tell our own
 * lines, and that is where one looks.
 */
const ownSourceMaps = {
  name: 'own-source-maps',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/.+\.[cm]?js$/ }, async ({ path }) => ({
      contents: unmapped(await readFile(path, 'utf8')),
    }));
  },
};

/** A source with a map that leads nowhere, which esbuild goes by. */
function unmapped(source) {
  const map = btoa(JSON.stringify({ version: 3, sources: ['package'], mappings: 'AAAA' }));
  return `${source}\n//# sourceMappingURL=data:application/json;base64,${map}`;
}

/**
 * An `import` of `node:http` reads all it exports, WebSocket among it, and so loads Node's own fetch, a fifth of a
 * function's start; `require` does not.
 */
const requiredHttp = {
  name: 'required-http',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'node:http', namespace: 'required' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require('${path}')`,
    }));
  },
};

const common = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'error',
};

/** Bundled CommonJS packages call `require`, which ES modules do not have. */
const requireBanner = {
  js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
};

await rm('dist', { recursive: true, force: true });
await mkdir('dist');

const [functions] = await Promise.all([
  build({
    ...common,
    entryPoints: await entriesIn('functions'),
    outdir: 'dist/functions',
    minify: true,
    legalComments: 'none',
    mainFields: ['module', 'main'],
    metafile: true,
    charset: 'ascii', // one character beyond Latin would double the text that V8 reads
    plugins: [lessOfTheSdk, ownSourceMaps, requiredHttp],
    external: NEVER_REACHED,
    banner: requireBanner,
  }),
  build({
    ...common,
    entryPoints: await entriesIn('bench/processes'),
    outdir: 'dist/bench/processes',
    // there are many of these processes, and they start in the middle of what is measured: whole, they start sooner
    external: ['dynalite'],
    banner: requireBanner,
  }),
  ...['local', 'bench'].map(async (folder) =>
    build({
      ...common,
      entryPoints: await entriesIn(folder),
      outdir: `dist/${folder}`,
      packages: 'external',
    }),
  ),
]);

const sizes = Object.entries(functions.metafile.outputs)
  .filter(([file]) => file.endsWith('.mjs'))
  .map(([file, { bytes }]) => [basename(file, '.mjs'), bytes]);
await writeFile('dist/sizes.json', `${JSON.stringify(Object.fromEntries(sizes), null, 2)}\n`);
