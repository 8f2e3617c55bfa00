import { createHash } from 'node:crypto';
import { otherChannel } from '../../lib/rules/channel';
import { detourJobs } from '../../lib/rules/other-channel';
import {
  aCertificateEntry,
  aDevice,
  anApp,
  aPushJob,
  aTarget,
  aToken,
  NOW,
} from '../support/builders';

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
const [PUSH] = aPushJob().pushes;
const TO_OPPO = {
  vendor: 'oppo',
  certificate: 'oppo-cert',
  token: 'o',
  registeredAt: NOW,
} as const;

describe('the other channel of a device', () => {
  const app = anApp(
    (['xiaomi', 'oppo', 'fcm'] as const).map((vendor) => aCertificateEntry(vendor)),
  );
  const device = aDevice({
    autoSelectPushType: false,
    tokens: {
      'xiaomi-cert': aToken({ token: 'x' }),
      'fcm-cert': aToken({ vendor: 'fcm', token: 'f' }),
      'oppo-cert': aToken({ vendor: 'oppo', token: 'o' }),
      'gone-cert': aToken({ vendor: 'vivo', token: 'v' }),
    },
  });

  test('is the best of the vendors that are left, whatever the device chose; FCM is the last', () => {
    expect(otherChannel(device, app, ['xiaomi'])).toMatchObject({ vendor: 'oppo', token: 'o' });
    expect(otherChannel(device, app, ['xiaomi', 'oppo'])).toMatchObject({ vendor: 'fcm' });
  });

  test('is none where no certificate or no token is left, or the phone shows nothing of it', () => {
    const muted = { ...aToken({ vendor: 'oppo', token: 'o' }), mutedAt: NOW };

    expect(otherChannel(device, app, ['xiaomi', 'oppo', 'fcm'])).toBeUndefined();
    expect(otherChannel({ ...device, tokens: { 'oppo-cert': muted } }, app, [])).toBeUndefined();
  });
});

describe('a job that goes another way', () => {
  const job = aPushJob({ jobId: 'root.suffix' });
  const target = aTarget({ retries: 3, attempts: 2, notBefore: NOW, region: 'CN' });

  test('says the same to the same device by the other vendor, without what was said to the first alone', () => {
    const notification = { ...PUSH.notification, fields: { xiaomiField: {} } };
    const push = { ...PUSH, notification };

    const [made, ...others] = detourJobs(job, [{ push, target, to: TO_OPPO }], hash);

    expect(others).toEqual([]);
    expect(made).toEqual({
      ...job,
      jobId: expect.stringMatching(/^root\.[\w-]{22}$/),
      generation: 0,
      vendor: 'oppo',
      certificate: 'oppo-cert',
      pushes: [
        {
          ...PUSH,
          targets: [
            {
              accountId: target.accountId,
              deviceId: target.deviceId,
              token: 'o',
              registeredAt: NOW,
              without: ['xiaomi'],
            },
          ],
        },
      ],
    });
  });

  test('remembers every vendor that had no quota, and the number on the icon', () => {
    const tried = { ...target, without: ['huawei'] as const };
    const badge = { value: 3, since: NOW };

    const [made] = detourJobs(job, [{ push: PUSH, target: tried, to: TO_OPPO, badge }], hash);

    expect(made?.pushes[0].targets[0]).toMatchObject({ without: ['huawei', 'xiaomi'], badge });
  });

  test('is known again when the same devices come again, in whatever order, and only then', () => {
    const detours = ['a', 'b'].map((accountId) => ({
      push: PUSH,
      target: { ...target, accountId },
      to: TO_OPPO,
    }));
    const ids = (some: typeof detours) => detourJobs(job, some, hash).map(({ jobId }) => jobId);

    expect(ids(detours.toReversed())).toEqual(ids(detours));
    expect(ids(detours.slice(1))).not.toEqual(ids(detours));
  });

  test('is one for each certificate', () => {
    const toFcm = { ...TO_OPPO, vendor: 'fcm', certificate: 'fcm-cert' } as const;
    const detours = [TO_OPPO, toFcm].map((to) => ({ push: PUSH, target, to }));

    expect(detourJobs(job, detours, hash).map(({ vendor }) => vendor)).toEqual(['oppo', 'fcm']);
  });
});
