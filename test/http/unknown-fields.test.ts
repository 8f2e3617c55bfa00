import { presenceBody, registerDeviceBody } from '../../lib/http/device-schemas';
import { warningsFor } from '../../lib/http/unknown-fields';

const ignored = (path: string) => `${path} is not a known field and was ignored`;

test('fields nobody knows are listed by path, those in lists too', () => {
  const body = {
    platform: 'android',
    colour: 'red',
    tokens: [
      { certificate: 'a', token: 't' },
      { certificate: 'b', token: 't', age: 1, origin: { of: 'it' } },
    ],
  };

  expect(warningsFor(body, registerDeviceBody)).toEqual({
    warnings: ['colour', 'tokens[1].age', 'tokens[1].origin'].map(ignored),
  });
});

test('names that every object has are unknown like others', () => {
  const body: unknown = JSON.parse('{"state":"background","constructor":1,"__proto__":2}');

  expect(warningsFor(body, presenceBody)).toEqual({
    warnings: ['constructor', '__proto__'].map(ignored),
  });
});

test('without such fields there are no warnings, and of very many fifty are listed', () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`field-${at}`, at]));

  expect(warningsFor({ state: 'background', at: 1 }, presenceBody)).toEqual({});
  expect(warningsFor(many, presenceBody).warnings).toHaveLength(50);
});
