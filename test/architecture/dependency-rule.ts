import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { transformSync } from 'esbuild';

/** What the files of one area may import beside each other. */
interface Rule {
  /** Matches files by their path; what it matches is the area, whose files may import each other. */
  readonly area: RegExp;
  /** Other files, by their path without extension. */
  readonly files: RegExp;
  /** Packages and Node's own modules. */
  readonly packages: RegExp;
  /** Sees no clock, no environment, no network, no chance: the same input gives the same output. */
  readonly pure?: true;
}

const NONE = /^$/;
const ANY = /^/;
/** What every vendor may use: no list of vendors, and none of the others. */
const SHARED =
  /^lib\/(model\/.+|rules\/.+|vendors\/(?!(?:registry|payloads|verifiers|xiaomi|huawei|honor|oppo|vivo|meizu|fcm|apns|harmony)$)[a-z-]+)$/;

/** functions → aws | http + usecases → rules + vendors → model. The first rule that matches counts. */
const RULES: readonly Rule[] = [
  { area: /^lib\/model\//, files: NONE, packages: NONE, pure: true },
  { area: /^lib\/rules\//, files: /^lib\/model\//, packages: NONE, pure: true },
  {
    area: /^lib\/vendors\/registry\.ts$/,
    files: /^lib\/(model\/.+|vendors\/vendor|vendors\/[a-z]+)$/,
    packages: NONE,
  },
  {
    // what messages may ask of each vendor, without its other facts
    area: /^lib\/vendors\/payloads\.ts$/,
    files: /^lib\/(model\/.+|vendors\/(vendor|registry)|vendors\/[a-z]+\/(abilities|payload))$/,
    packages: NONE,
  },
  {
    // asks every vendor about a certificate, so it knows how each of them is spoken to
    area: /^lib\/vendors\/verifiers\.ts$/,
    files:
      /^lib\/(model\/.+|vendors\/(vendor|registry|access-tokens)|vendors\/[a-z]+(\/(sender|auth|credentials))?)$/,
    packages: /^valibot$/,
  },
  {
    // what vendors share: files beside the folders
    area: /^lib\/vendors\/[a-z-]+\.ts$/,
    files: SHARED,
    packages: /^(valibot|jose|node:crypto|node:timers\/promises)$/,
  },
  {
    area: /^lib\/vendors\/fcm\//,
    files: SHARED,
    packages: /^(valibot|jose|firebase-admin\/.+|node:.+)$/,
  },
  {
    area: /^lib\/vendors\/[a-z]+\//,
    files: SHARED,
    packages: /^(valibot|jose|node:.+)$/,
  },
  {
    area: /^lib\/usecases\//,
    files: /^lib\/(model\/.+|rules\/.+|vendors\/(vendor|registry|payloads))$/,
    packages: /^(valibot|p-map|node:crypto)$/,
  },
  { area: /^lib\/(aws|http)\//, files: /^lib\/(model|rules)\//, packages: ANY },
  { area: /^functions\//, files: /^lib\//, packages: ANY },
  { area: /^local\/simulators\//, files: NONE, packages: ANY },
  { area: /^local\//, files: /^lib\/(?!vendors\/[a-z]+\/)/, packages: ANY },
];

const IMPURE =
  /\b(Date|process|fetch|performance|crypto|setTimeout|setInterval|globalThis)\b|Math\.random/;

/** What breaks the dependency rule below `root`, one line each. */
export function violationsIn(root: string): string[] {
  return ['lib', 'functions', 'local'].flatMap((folder) =>
    sourcesIn(root, folder).flatMap((file) => {
      const source = readFileSync(join(root, file), 'utf8');
      return [...forbiddenImports(file, source), ...forbiddenGlobals(file, source)].map(
        (problem) => `${file}: ${problem}`,
      );
    }),
  );
}

function sourcesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => posix.join(folder, file));
}

function forbiddenImports(file: string, source: string): string[] {
  const rule = RULES.find(({ area }) => area.test(file));
  if (rule === undefined) return ['belongs to no area'];
  const area = rule.area.exec(file)?.[0] ?? file;
  return importsOf(source).flatMap((specifier) => {
    if (specifier.startsWith('firebase-admin') && area !== 'lib/vendors/fcm/') {
      return [`may not import ${specifier}`];
    }
    const target = posix.join(posix.dirname(file), specifier);
    const allowed = specifier.startsWith('.')
      ? target.startsWith(area) || rule.files.test(target)
      : rule.packages.test(specifier);
    return allowed ? [] : [`may not import ${specifier.startsWith('.') ? target : specifier}`];
  });
}

/** Specifiers of all imports: static, for types, for side effects, re-exported, dynamic. */
function importsOf(source: string): string[] {
  const statements = source.matchAll(/^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm);
  const others = source.matchAll(/\b(?:import\s*\(?|require\s*\()\s*['"]([^'"]+)['"]/g);
  return [...statements, ...others].map(([, specifier = '']) => specifier);
}

function forbiddenGlobals(file: string, source: string): string[] {
  const code = withoutWords(source);
  const pure = RULES.find(({ area }) => area.test(file))?.pure === true;
  const impure = pure ? IMPURE.exec(code) : null;
  const environment = file.startsWith('lib/') && /\bprocess\.env\b/.test(code);
  return [
    ...(impure === null ? [] : [`may not use ${impure[0]}`]),
    ...(environment && !pure ? ['may not read process.env'] : []),
  ];
}

/** The code alone: no types, comments and quoted texts. */
function withoutWords(source: string): string {
  const { code } = transformSync(source, {
    loader: 'ts',
    target: 'esnext',
    minifyWhitespace: true,
    legalComments: 'none',
  });
  return code.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
}
