import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { array, number, object, parse, record, string } from 'valibot';

const FOLDER = 'dist/functions';
const MAX_BYTES = 400_000;

const names = readdirSync(FOLDER).filter((file) => file.endsWith('.mjs'));

test('bundles stay small, FCM’s with Google’s client aside', () => {
  const sizes = parse(
    record(string(), number()),
    JSON.parse(readFileSync('dist/sizes.json', 'utf8')),
  );

  const large = Object.entries(sizes).filter(
    ([name, bytes]) => bytes > MAX_BYTES && name !== 'send-fcm',
  );

  expect(
    Object.keys(sizes)
      .map((name) => `${name}.mjs`)
      .sort(),
  ).toEqual(names.sort());
  expect(large).toEqual([]);
});

test.each(names)('%s needs no package to start', (name) => {
  const code = readFileSync(join(FOLDER, name), 'utf8');
  const imports = code.matchAll(/\bimport(?:[\w$*{},\s]*?from)?\s*"([^"]+)"/g);
  const packages = Array.from(imports, ([, specifier = '']) => specifier).filter(
    (specifier) => !isBuiltin(specifier),
  );

  expect(packages).toEqual([]);
});

test.each(names)(
  '%s does not load Node’s fetch to start, as an import of node:http would',
  (name) => {
    expect(readFileSync(join(FOLDER, name), 'utf8')).not.toMatch(/from\s*"(node:)?http"/);
  },
);

test.each(names)('traces of %s tell our own lines, and carry no packages’', (name) => {
  const { sources } = parse(
    object({ sources: array(string()) }),
    JSON.parse(readFileSync(join(FOLDER, `${name}.map`), 'utf8')),
  );

  expect(sources.filter((source) => /^\.\.\/\.\.\/functions\/[\w-]+\.ts$/.test(source))).toEqual([
    `../../functions/${name.replace('.mjs', '.ts')}`,
  ]);
  expect(sources.filter((source) => /node_modules.+\.[cm]?js$/.test(source))).toEqual([]);
});
