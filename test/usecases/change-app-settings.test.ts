import type { AppSettingsChange } from '../../lib/model/app-settings';
import { changeAppSettings } from '../../lib/usecases/change-app-settings';
import { anApp } from '../support/builders';

/** What reaches the store. */
async function change(settings: AppSettingsChange, loopbackAllowed = false) {
  const stored: AppSettingsChange[] = [];
  const apps = {
    changeSettings(_appKey: string, one: AppSettingsChange) {
      stored.push(one);
      return Promise.resolve(anApp());
    },
  };
  const refused = await changeAppSettings('app-1', settings, { apps, loopbackAllowed }).then(
    () => undefined,
    ({ status, fields }) => ({ status, fields }),
  );
  return { stored, refused };
}

const hookAt = (url: string): AppSettingsChange => ({ hook: { url, onFailure: 'send' } });

test('what every vendor would take is stored', async () => {
  const settings: AppSettingsChange = {
    classes: { im: { payload: { hwField: { category: 'IM' }, channel_id: '123' } } },
    ...hookAt('https://chat.example.com/push?x=1'),
  };

  expect(await change(settings)).toEqual({ stored: [settings], refused: undefined });
});

test.each<[object, string]>([
  [{ vivoField: { classification: 7 } }, 'classes.im.payload.vivoField.classification'],
  [{ fcmFieldV1: { message: { data: { a: 1 } } } }, 'classes.im.payload.fcmFieldV1.message.data.a'],
  [{ hwField: 'IM' }, 'classes.im.payload.hwField'],
  [{ huaweiField: {} }, 'classes.im.payload.huaweiField'],
  [{ pushTitle: 'Hi' }, 'classes.im.payload.pushTitle'],
])('a class with %j is refused at %s, and nothing is stored', async (payload, path) => {
  const { stored, refused } = await change({ classes: { im: { payload: { ...payload } } } });

  expect(stored).toEqual([]);
  expect(refused).toEqual({ status: 400, fields: [{ path, message: expect.any(String) }] });
});

test.each([
  'http://chat.example.com/push',
  'http://127.0.0.1:8080/push',
  'ftp://chat.example.com/push',
  'https://user:secret@chat.example.com/push',
])('a webhook at %s is refused', async (url) => {
  const { stored, refused } = await change(hookAt(url));

  expect(stored).toEqual([]);
  expect(refused?.fields).toMatchObject([{ path: 'hook.url' }]);
});

test('on one machine a webhook may be on it, and nowhere else without TLS', async () => {
  expect((await change(hookAt('http://127.0.0.1:8080/push'), true)).stored).toHaveLength(1);
  expect((await change(hookAt('http://chat.example.com/push'), true)).stored).toEqual([]);
});
