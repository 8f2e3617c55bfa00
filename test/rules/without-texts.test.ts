import { safeParse } from 'valibot';
import type { JsonObject } from '../../lib/model/json-of';
import type { VendorId } from '../../lib/model/vendor-id';
import { payloadWithoutTexts, vendorFieldsOf, withoutTexts } from '../../lib/rules/push-payload';
import { ABILITIES } from '../../lib/usecases/check-payloads';
import { payloads } from '../../lib/vendors/payloads';
import { PAYLOADS } from '../vendors/golden/payloads';

describe('without texts', () => {
  const SAYING: Readonly<Partial<Record<VendorId, JsonObject>>> = {
    huawei: {
      hwField: {
        title: 'secret',
        body: 'secret',
        ticker: 'secret',
        style: 3,
        big_title: 'secret',
        big_body: 'secret',
        inbox_content: ['secret'],
        notify_summary: 'secret',
        image: 'https://example.com/secret.png',
        title_loc_key: 'secret',
        title_loc_args: ['secret'],
        body_loc_key: 'secret',
        body_loc_args: ['secret'],
        multi_lang_key: { secret: { en: 'secret' } },
        buttons: [{ name: 'secret', action_type: 0 }],
        androidConfig: { category: 'IM' },
      },
    },
    honor: {
      honorField: {
        notification: {
          title: 'secret',
          body: 'secret',
          style: 1,
          bigTitle: 'secret',
          bigBody: 'secret',
          image: 'https://example.com/secret.png',
          buttons: [{ name: 'secret', actionType: 0 }],
          importance: 'NORMAL',
        },
      },
    },
    harmony: {
      harmonyField: {
        payload: {
          notification: {
            title: 'secret',
            body: 'secret',
            style: 1,
            bigTitle: 'secret',
            bigBody: 'secret',
            inboxContent: ['secret'],
            image: 'https://example.com/secret.png',
            category: 'IM',
          },
        },
      },
    },
    oppo: {
      oppoField: {
        title: 'secret',
        content: 'secret',
        sub_title: 'secret',
        style: 2,
        big_picture_id: 'secret',
        small_picture_id: 'secret',
        private_msg_template_id: 'secret',
        private_title_parameters: { a: 'secret' },
        private_content_parameters: { a: 'secret' },
        category: 'IM',
      },
    },
    vivo: { vivoField: { title: 'secret', content: 'secret', category: 'IM' } },
    meizu: {
      meizuField: {
        noticeBarInfo: { title: 'secret', content: 'secret', noticeMsgType: 1 },
        noticeExpandInfo: { noticeExpandType: 1, noticeExpandContent: 'secret' },
        vipInfo: { subtitle: 'secret', bigIconUrl: 'https://example.com/secret.png' },
      },
    },
    xiaomi: {
      ticker: 'secret',
      template_id: 'secret',
      template_param: { a: 'secret' },
      notification_style_type: 2,
      notification_bigPic_uri: 'secret',
      notification_large_icon_uri: 'secret',
      notification_style_button_left_name: 'secret',
      xiaomiField: { title: 'secret', description: 'secret', channel_id: 'c' },
    },
    fcm: {
      fcmField: { title: 'secret', body: 'secret', body_loc_key: 'secret', tag: 't' },
      fcmFieldV1: { message: { notification: { title: 'secret', body: 'secret' } } },
    },
    apns: { apsField: { alert: { title: 'secret', subtitle: 'secret' }, category: 'IM' } },
  };
  const all = Object.entries(SAYING);

  test('every vendor is looked at', () => {
    expect(all.map(([vendor]) => vendor).sort()).toEqual(Object.keys(payloads).sort());
  });

  test.each(all)('nothing %s would show is left, and the rest is', (_vendor, fields) => {
    const left = JSON.stringify(withoutTexts(fields));

    expect(JSON.stringify(fields)).toContain('secret');
    expect(left).not.toContain('secret');
    expect(left).toMatch(/IM|NORMAL|noticeMsgType|channel_id|"tag"/);
  });

  test.each([...PAYLOADS, ...all.map(([name, payload]) => ({ name, payload }))])(
    'what is left of $name is still what the vendors take',
    ({ payload }) => {
      for (const { payload: own, ...abilities } of Object.values(payloads)) {
        const { schema } = own;
        const members = { ...abilities, members: own.members };
        const fields = vendorFieldsOf(payload, {}, members) ?? {};
        expect(safeParse(schema, fields).issues).toBeUndefined();
        expect(safeParse(schema, withoutTexts(fields)).issues).toBeUndefined();
      }
    },
  );

  test.each(all)(
    'a whole payload loses what %s would show, and what all would',
    (_vendor, fields) => {
      const left = payloadWithoutTexts({ pushTitle: 'secret', notifyId: 7, ...fields }, ABILITIES);

      expect(left).toEqual({ notifyId: 7, ...withoutTexts(fields) });
    },
  );

  test("a whole payload keeps the app's own keys, whatever they are called", () => {
    const own = { title: 'mine', image: { body: 'mine' }, alert: ['mine'], needNotification: 1 };

    expect(payloadWithoutTexts({ ...own, hwField: { body: 'secret' } }, ABILITIES)).toEqual({
      ...own,
      hwField: {},
    });
  });
});
