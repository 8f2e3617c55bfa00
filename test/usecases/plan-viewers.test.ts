import { aDevice, aMessageEvent } from '../support/builders';
import { planned } from '../support/planning';

const speaking = (locale: string) => aDevice({ facts: { manufacturer: 'Xiaomi', locale } });
const IMAGE = aMessageEvent({ type: 'image' });

describe('what viewers see', () => {
  test('is one and the same object for all who see the same', () => {
    const pushes = planned(IMAGE, {
      bob: speaking('zh-CN'),
      carol: speaking('en-GB'),
      dave: speaking('zh-Hans'),
      erin: speaking('en'),
    });

    const [bob, carol, dave, erin] = pushes.map(({ notification }) => notification);
    expect([bob?.body, carol?.body]).toEqual(['Alice:发来了一张图片', 'Alice:sent a picture']);
    expect(dave).toBe(bob);
    expect(erin).toBe(carol);
  });

  test('is one object too where a text of its own says the same in every language', () => {
    const [bob, carol] = planned(aMessageEvent(), { bob: speaking('zh'), carol: speaking('en') });

    expect(carol?.notification).toBe(bob?.notification);
  });

  test('differs by language where the text of a stack does', () => {
    const settings = { classes: { im: { collapse: 'conversation' } } } as const;
    const pushes = planned(
      aMessageEvent(),
      { bob: speaking('zh'), carol: speaking('en') },
      settings,
    );

    expect(pushes.map(({ notification }) => notification.stack?.text)).toEqual([
      '[{count}条] {text}',
      '[{count}] {text}',
    ]);
  });

  test('differs for whom details are hidden, even if the text is the general one', () => {
    const event = aMessageEvent({
      sender: { accountId: 'alice', nick: '您有一条新消息' },
      pushConfig: {
        pushNickEnabled: false,
        pushContent: '请点击查看',
        pushPayload: '{"ticker":"hello"}',
      },
    });
    const [open, hidden] = planned(event, {
      bob: aDevice(),
      carol: aDevice({ settings: { showDetail: false } }),
    });

    expect(hidden?.notification.body).toBe(open?.notification.body);
    expect(open?.notification.fields).toEqual({ ticker: 'hello' });
    expect(JSON.stringify(hidden?.notification)).not.toContain('hello');
  });

  test('differs for whom details are hidden, by account or by device', () => {
    const hidden = { showDetail: false };
    const event = aMessageEvent({ pushConfig: { pushPayload: '{"ticker":"hello"}' } });
    const [byAccount] = planned(event, { bob: aDevice() }, {}, { settings: hidden });
    const [byDevice, open] = planned(event, {
      bob: aDevice({ settings: hidden }),
      carol: aDevice(),
    });

    expect(byAccount?.notification).toMatchObject({ title: '您有一条新消息', body: '请点击查看' });
    expect(byDevice?.notification).toEqual(byAccount?.notification);
    expect(byDevice?.notification.fields).toEqual({});
    expect(open?.notification).toMatchObject({ body: 'Alice:hello', fields: { ticker: 'hello' } });
  });

  test('is in the language of the account where the device names none', () => {
    const [push] = planned(IMAGE, { bob: aDevice() }, {}, { settings: { locale: 'en' } });

    expect(push?.notification.body).toBe('Alice:sent a picture');
  });

  test('says that it insists, for the time when it is decided again', () => {
    const event = aMessageEvent({ mentions: ['bob'] });
    const pushes = planned(event, { bob: aDevice(), carol: aDevice() });

    expect(pushes.map(({ insists }) => insists)).toEqual(['mention', undefined]);
    expect(pushes.map(({ notification }) => notification.body)).toEqual([
      '[有人@我]Alice:hello',
      'Alice:hello',
    ]);
  });
});
