import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const MAX_LINES = 250;
const FOLDERS = ['lib', 'functions', 'local', 'bench', 'test'];
const CODE = /\.(ts|mjs|cjs|yml)$/;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.[a-z]+$/;

const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)),
).concat(readdirSync('.').filter((file) => CODE.test(file)));
const sources = files.filter((file) => CODE.test(file));

test('no file is longer than a person reads at once', () => {
  const long = sources
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MAX_LINES);

  expect(sources.length).toBeGreaterThan(50);
  expect(long).toEqual([]);
});

test('files are named in kebab-case', () => {
  const CONFIGURATION = ['jest.config.mjs'];

  const others = sources
    .map((file) => basename(file))
    .filter((name) => !KEBAB_CASE.test(name) && !CONFIGURATION.includes(name));

  expect(others).toEqual([]);
});
