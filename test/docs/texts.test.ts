import { readFileSync } from 'node:fs';
import { TEXT_KEYS } from '../../lib/model/app-settings';
import { SHIPPED_TEXTS } from '../../lib/rules/shipped-texts';

test('every text is described, with the words it has', () => {
  const { zh = {}, en = {} } = SHIPPED_TEXTS;
  const rows = readFileSync('docs/texts.md', 'utf8')
    .split('\n')
    .map((line) => line.split(' | '))
    .flatMap(([key = '', , ...texts]) => {
      const [, name] = /^\| `([\w-]+)`$/.exec(key) ?? [];
      return name === undefined ? [] : [[name, ...texts.map((one) => one.replace(/ \|$/, ''))]];
    });

  expect(rows).toEqual(TEXT_KEYS.map((key) => [key, zh[key], en[key]]));
});
