import { type Delivery, type Effect, Phones } from '../../../local/simulators/phones';

function aDelivery(
  notification: Partial<NonNullable<Delivery['notification']>> = {},
  change: Partial<Delivery> = {},
): Delivery {
  return {
    vendor: 'xiaomi',
    package: 'com.example.chat',
    messageId: 'm1',
    notification: { title: 'Ann', body: 'Hello', ...notification },
    fields: {},
    ...change,
  };
}

function deliver(phones: Phones, delivery: Delivery): Effect | undefined {
  return phones.deliver(delivery, ['phone-1'])[0];
}

test('different notify ids stack, the same one replaces', () => {
  const phones = new Phones();
  expect(deliver(phones, aDelivery({ notifyId: 1 }))).toBe('shown');
  expect(deliver(phones, aDelivery({ notifyId: 2, body: 'Second' }))).toBe('shown');
  expect(deliver(phones, aDelivery({ notifyId: 1, body: 'Newer' }))).toBe('replaced');

  const { tray, repeats } = phones.look('phone-1');
  expect(tray.map(({ body }) => body)).toEqual(['Second', 'Newer']);
  expect(repeats).toBe(1);
});

test('of one once key only the first message is shown, whatever its notify id', () => {
  const phones = new Phones();
  expect(deliver(phones, aDelivery({ notifyId: 1, onceKey: 'k' }))).toBe('shown');
  expect(deliver(phones, aDelivery({ notifyId: 2, onceKey: 'k' }))).toBe('dropped');
  expect(phones.look('phone-1').tray).toHaveLength(1);
  expect(phones.look('phone-1').repeats).toBe(1);
});

test('a once key stays used up after its notification was withdrawn', () => {
  const phones = new Phones();
  deliver(phones, aDelivery({ notifyId: 1, onceKey: 'k' }));
  expect(phones.withdraw('phone-1', 'com.example.chat', 1)).toBe(true);
  expect(deliver(phones, aDelivery({ notifyId: 1, onceKey: 'k' }))).toBe('dropped');
  expect(phones.look('phone-1')).toMatchObject({ tray: [], withdrawn: 1, repeats: 1 });
});

test('the same tag replaces, no tag stacks', () => {
  const phones = new Phones();
  const fcm = { vendor: 'fcm' };
  deliver(phones, aDelivery({ tag: 't' }, fcm));
  expect(deliver(phones, aDelivery({ tag: 't' }, fcm))).toBe('replaced');
  expect(deliver(phones, aDelivery({}, fcm))).toBe('shown');
  expect(deliver(phones, aDelivery({}, fcm))).toBe('shown');
  expect(phones.look('phone-1').tray).toHaveLength(3);
});

test('a message without a notification reaches the app only', () => {
  const phones = new Phones();
  const { notification: _, ...silent } = aDelivery();
  expect(deliver(phones, silent)).toBe('silent');
  expect(phones.look('phone-1')).toMatchObject({ tray: [], repeats: 0 });
  expect(phones.look('phone-1').arrivals).toHaveLength(1);
});

test('every arrival is told with its time, its effect and its fields', () => {
  const phones = new Phones();
  const before = Date.now();
  deliver(phones, aDelivery({ notifyId: 1 }, { fields: { title: 'Ann' } }));
  deliver(phones, aDelivery({ notifyId: 1 }, { messageId: 'm2' }));
  const { arrivals, tray } = phones.look('phone-1');
  expect(arrivals).toMatchObject([
    { messageId: 'm1', effect: 'shown', fields: { title: 'Ann' } },
    { messageId: 'm2', effect: 'replaced' },
  ]);
  expect(arrivals[0]?.at).toBeGreaterThanOrEqual(before);
  expect(tray).toMatchObject([{ messageId: 'm2', notifyId: 1, title: 'Ann' }]);
});

test('what is kept is bounded, what is counted is not', () => {
  const phones = new Phones({ keepArrivals: 2, keepPhones: 3 });
  for (let phone = 0; phone < 5; phone++) {
    for (let id = 0; id < 4; id++) {
      phones.deliver(aDelivery({ notifyId: id }, { messageId: `m${id}` }), [`phone-${phone}`]);
    }
  }
  expect(phones.tokens()).toEqual(['phone-2', 'phone-3', 'phone-4']);
  expect(phones.look('phone-4').arrivals.map(({ messageId }) => messageId)).toEqual(['m2', 'm3']);
  expect(phones.totals()).toEqual({
    phones: 3,
    arrivals: 20,
    shown: 20,
    repeats: 0,
    silent: 0,
    withdrawn: 0,
  });
});

test('clearing forgets phones and sums', () => {
  const phones = new Phones();
  deliver(phones, aDelivery());
  phones.clear();
  expect(phones.tokens()).toEqual([]);
  expect(phones.totals().arrivals).toBe(0);
});
