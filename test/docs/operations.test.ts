import { readFileSync } from 'node:fs';
import { vendors } from '../../lib/vendors/registry';
import { PACKAGED_TEMPLATE, readTemplate, resourcesOf } from '../deploy/template';

const template = readTemplate(PACKAGED_TEMPLATE);
const text = readFileSync('docs/operations.md', 'utf8');
const namesOf = (type: string, property: string) =>
  resourcesOf(template, type).map(([, { Properties }]) =>
    String(Properties[property]).replace('offline-push-local-', ''),
  );

test('every alarm has one heading that says what to do, and every heading an alarm', () => {
  const alarms = namesOf('AWS::CloudWatch::Alarm', 'AlarmName');
  const placeholders: Readonly<Record<string, readonly string[]>> = {
    '<vendor>': Object.keys(vendors),
    '<lane>': ['direct', 'bulk'],
    '<function>': namesOf('AWS::Lambda::Function', 'FunctionName'),
  };
  const headings = [...text.matchAll(/^### `([^`]+)`$/gm)].map(([, heading = '']) => {
    const pattern = Object.entries(placeholders).reduce(
      (all, [name, values]) => all.replace(name, `(${values.join('|')})`),
      heading,
    );
    return { heading, covers: alarms.filter((alarm) => new RegExp(`^${pattern}$`).test(alarm)) };
  });

  expect(headings.flatMap(({ covers }) => covers).sort()).toEqual([...alarms].sort());
  expect(headings.filter(({ covers }) => covers.length === 0)).toEqual([]);
});

test('each heading of an alarm is followed by its meaning, where to look first, and the fix', () => {
  const [, ...sections] = (text.split('\n## ')[1] ?? '').split('\n### ');

  expect(sections.length).toBeGreaterThan(5);
  for (const section of sections) {
    expect(section.match(/^\*[A-Z][^*]*\.\*/gm)).toEqual(['*Meaning.*', '*First look.*', '*Fix.*']);
  }
});

test('the table of metrics has those the code counts', () => {
  const [, union = ''] =
    /type MetricName =([^;]+);/.exec(readFileSync('lib/model/ports.ts', 'utf8')) ?? [];
  const counted = Array.from(union.matchAll(/'(\w+)'/g), ([, name]) => name);
  const [, table = ''] = text.split('\n## Metrics\n');
  const [rows = ''] = table.split('\n## ');

  expect(Array.from(rows.matchAll(/^\| `(\w+)` \|/gm), ([, name]) => name).sort()).toEqual(
    counted.sort(),
  );
});
