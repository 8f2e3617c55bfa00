import type { Notification } from '../../../lib/model/notification';
import { contentOf } from '../../../lib/vendors/oppo/message';
import { aNotification, aSendRequest } from '../support';

const render = (change: Partial<Notification>, request: object = {}) =>
  contentOf(aSendRequest({ notification: aNotification(change), ...request }), 'com.example.shop');
const withField = (oppoField: object, request: object = {}) =>
  render({ fields: { oppoField } }, request);

test("the message's own field wins over what we would say", () => {
  const content = withField(
    {
      title: '新订单',
      content: '已发货',
      sub_title: '副标题',
      style: '2',
      click_action_type: '4',
      click_action_activity: 'com.example.shop.Chat',
      action_parameters: { k: 'mine', own: 1 },
      off_line: false,
      off_line_ttl: 3_600,
      channel_id: 'own',
      category: 'ORDER',
      notify_level: 16,
      notify_id: 99,
      network_type: 1,
      badge_operation_type: 1,
      brand_new: { a: 1 },
    },
    { messageClass: { channelId: 'chat', category: 'IM', notifyLevel: 1 } },
  );

  expect(content).toEqual({
    title: '新订单',
    content: '已发货',
    sub_title: '副标题',
    style: 2,
    click_action_type: 4,
    click_action_activity: 'com.example.shop.Chat',
    action_parameters: '{"id":"42","k":"mine","own":1}',
    off_line: false,
    off_line_ttl: 3_600,
    channel_id: 'own',
    category: 'ORDER',
    notify_level: 16,
    notify_id: 99,
    network_type: 1,
    badge_operation_type: 1,
    brand_new: { a: 1 },
  });
});

test('whom it reaches, what shows once and where receipts go is not for the field', () => {
  const request = { receiptUrl: 'https://push.example.com/r/abc', ttlSeconds: 60 };
  const field = {
    app_message_id: 'x',
    auth_token: 'x',
    target_type: 5,
    target_value: 'x',
    verify_registration_id: true,
    call_back_url: 'https://example.com',
    call_back_parameter: 'x',
    push_time_type: 0,
    off_line_ttl: 3_600,
  };

  expect(withField(field, request)).toEqual(render({}, request));
});

test('a field that is not as it should be says nothing', () => {
  expect(withField({ style: 9, sub_title: 'x' })).toEqual(render({}));
});

test('its texts are cut as all texts are, by its style', () => {
  const field = { title: '题'.repeat(60), content: '文'.repeat(200) };

  expect(withField(field)).toMatchObject({
    style: 2,
    title: `${'题'.repeat(49)}…`,
    content: `${'文'.repeat(127)}…`,
  });
  expect(withField({ ...field, style: 1 })).toMatchObject({
    style: 1,
    content: `${'文'.repeat(49)}…`,
  });
});

test('of parameters too many for OPPO the data goes first, then those of the field', () => {
  const parameters = (data: Record<string, string>, given: object) =>
    render({ data, fields: { oppoField: { action_parameters: given } } }).action_parameters;
  const long = 'x'.repeat(3_980);

  expect(parameters({ a: '1' }, { b: '' })).toBe('{"a":"1","b":""}');
  expect(parameters({ a: long }, { b: long })).toBe(`{"b":"${long}"}`);
  expect(parameters({ a: `${long}${long}` }, {})).toBeUndefined();
});

describe('what the class says', () => {
  const messageClass = {
    channelId: 'chat',
    templateId: 'T1',
    notifyLevel: 2,
    titleParameters: { who: '{nick}' },
  };
  const classing = (field: object) => {
    const { channel_id, category, notify_level, private_msg_template_id, ...others } = withField(
      field,
      { messageClass },
    );
    const { private_title_parameters: parameters } = others;
    return [channel_id, category, notify_level, private_msg_template_id, parameters];
  };

  test('holds for messages of its kind', () => {
    expect(classing({})).toEqual(['chat', 'IM', 2, 'T1', { who: '张三' }]);
    expect(classing({ category: 'ORDER' })).toEqual(['chat', 'ORDER', 2, 'T1', { who: '张三' }]);
    expect(classing({ category: 'NEWS' })).toEqual([
      undefined,
      'NEWS',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('has a template for its own channel, and variables for its own template', () => {
    expect(classing({ channel_id: 'own' })).toEqual(['own', 'IM', 2, undefined, undefined]);
    expect(classing({ private_msg_template_id: 'T2' })).toEqual(['chat', 'IM', 2, 'T2', undefined]);
    expect(classing({ private_title_parameters: { who: '李四' } })).toEqual([
      'chat',
      'IM',
      2,
      'T1',
      { who: '李四' },
    ]);
    expect(classing({ channel_id: 'own', private_title_parameters: { who: '李四' } })).toEqual([
      'own',
      'IM',
      2,
      undefined,
      undefined,
    ]);
  });
});

test('a public message stays in the tray for half as long', () => {
  const shown = (category: string) => withField({ category, show_ttl: 86_400 }).show_ttl;

  expect([shown('IM'), shown('NEWS')]).toEqual([86_400, 43_200]);
});

describe('how it makes itself heard', () => {
  const level = (alert: Notification['alert'], request: object = {}, field: object = {}) =>
    render({ ...(alert && { alert }), fields: { oppoField: field } }, request).notify_level;
  const silent = { sound: false, vibration: false };

  test('is the level, where it is to be silent; anything else is for the channel', () => {
    expect(level(silent)).toBe(1);
    expect(level({ sound: false, vibration: true })).toBeUndefined();
    expect(level({ sound: true, vibration: false })).toBeUndefined();
    expect(level({ sound: true, vibration: true })).toBeUndefined();
    expect(level(silent, { messageClass: { notifyLevel: 16 } })).toBe(1);
    expect(level(silent, {}, { notify_level: 2 })).toBe(2);
    expect(level(silent, { messageClass: { instantMessaging: false } })).toBeUndefined();
  });

  test('has no sound and no channel of the app, which OPPO has not approved, and no badge', () => {
    const change = { sound: 'ding.mp3', channelId: 'nim_message_channel_001', badge: { add: 1 } };

    expect(render(change)).toEqual(render({}));
  });
});
