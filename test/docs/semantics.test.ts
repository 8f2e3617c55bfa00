import { existsSync, readFileSync } from 'node:fs';

const text = readFileSync('docs/semantics.md', 'utf8');
const rows = [...text.matchAll(/^\| (?!NIM \|)(.+) \| (.+) \| (.+) \|$/gm)].map(
  ([, nim = '', here = '', shownBy = '']) => ({ nim, here, shownBy }),
);
const references = rows.flatMap(({ shownBy }) =>
  [...shownBy.matchAll(/`(test\/[^`]+)`: "([^"]+)"/g)].map(([, file = '', name = '']) => ({
    file,
    name,
  })),
);

/** A title of a test, of a group, or of a row in a table of tests, with where it stands. */
function titlesIn(file: string): Map<string, number> {
  const source = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const begins =
    /(?:\b(?:test|describe)\(|\)\(|\[)\s*(?:'((?:\\.|[^'\\\n])*)'|"([^"\n]*)"|`([^`]*)`)/g;
  return new Map(
    [...source.matchAll(begins)].map(({ 1: single, 2: double, 3: back, index }) => [
      (single ?? double ?? back ?? '').replaceAll("\\'", "'"),
      index,
    ]),
  );
}

test('every row says what NIM does, what is done here, and what shows it', () => {
  expect(rows.length).toBeGreaterThan(50);
  expect(
    rows.filter(
      ({ nim, here, shownBy }) =>
        nim.trim() === '' ||
        here.trim() === '' ||
        !/^(no test yet|(`test\/[^`]+\.test\.ts`: "[^"]+"(<br>|$))+)$/.test(shownBy),
    ),
  ).toEqual([]);
});

test('every test that is named is there, in the group that is named with it', () => {
  const missing = references.filter(({ file, name }) => {
    const titles = titlesIn(file);
    const places = name.split(' › ').map((part) => titles.get(part));
    return places.some((place, index) => {
      const before = index === 0 ? -1 : (places[index - 1] ?? -1);
      return place === undefined || place < before;
    });
  });

  expect(references.length).toBeGreaterThan(rows.length);
  expect(missing).toEqual([]);
});

test('the page says how many rows there are, and how many without a test', () => {
  const without = rows.filter(({ shownBy }) => shownBy === 'no test yet').length;

  expect(text).toContain(`${rows.length} rows, of which ${without} have no test yet.`);
});
