import { readFileSync } from 'node:fs';
import { vendors } from '../../lib/vendors/registry';
import type { VendorLimits } from '../../lib/vendors/vendor';

interface Language {
  readonly file: string;
  readonly heading: string;
  readonly names: Readonly<Record<keyof typeof vendors, string>>;
  readonly units: Readonly<Record<VendorLimits['rateCounts'], string>>;
  readonly characters: string;
  readonly withinPayload: string;
  readonly days: (count: number) => string;
}

const NAMES = {
  xiaomi: 'Xiaomi',
  huawei: 'Huawei',
  honor: 'Honor',
  oppo: 'OPPO',
  vivo: 'vivo',
  meizu: 'Meizu',
  fcm: 'FCM',
  apns: 'APNs',
  harmony: 'HarmonyOS',
};

const LANGUAGES: readonly Language[] = [
  {
    file: 'README.md',
    heading: '## Vendors',
    names: NAMES,
    units: { requests: 'requests/s', tokens: 'tokens/s' },
    characters: 'characters',
    withinPayload: 'within the payload',
    days: (count) => (count === 1 ? '1 day' : `${count} days`),
  },
  {
    file: 'README.zh-CN.md',
    heading: '## 厂商',
    names: { ...NAMES, xiaomi: '小米', huawei: '华为', honor: '荣耀', meizu: '魅族' },
    units: { requests: '请求/秒', tokens: 'token/秒' },
    characters: '字符',
    withinPayload: '受总大小限制',
    days: (count) => `${count} 天`,
  },
];

const NUMBER = new Intl.NumberFormat('en-US');
const DAY_SECONDS = 86_400;

describe.each(LANGUAGES)('$file', ({ file, heading, ...words }) => {
  const [, section = ''] = readFileSync(file, 'utf8').split(`${heading}\n`);
  const [text = ''] = section.split('\n## ');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| ['))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, ...cells]) => cells);

  test('has a row for every vendor, in the order of the registry, each with all that is asked', () => {
    const linked = Object.keys(vendors).map(
      (id) => `[${words.names[id as keyof typeof vendors]}](lib/vendors/${id}/README.md)`, // keys of it
    );

    expect(rows.map(([vendor]) => vendor)).toEqual(linked);
    for (const row of rows) expect(row.slice(0, 8)).not.toContain('');
  });

  test.each(Object.values(vendors))('shows the limits of $id', (vendor) => {
    const { limits } = vendor;
    const row = rows.find(([name = '']) => name.includes(`vendors/${vendor.id}/`)) ?? [];
    const [, rate, tokens, texts, data, life, , source] = row;
    const { titleCharacters, bodyCharacters, payloadBytes } = limits;

    const perSecond = `${NUMBER.format(limits.ratePerSecond)} ${words.units[limits.rateCounts]}`;
    expect(rate).toMatch(new RegExp(`^${perSecond}( \\(|（|$)`));
    expect(tokens).toBe(String(limits.tokensPerRequest));
    expect(texts).toBe(
      titleCharacters === payloadBytes && bodyCharacters === payloadBytes
        ? words.withinPayload
        : `${titleCharacters} / ${bodyCharacters} ${words.characters}`,
    );
    expect(data?.match(/\d+/g)).toEqual([String(payloadBytes)]);
    expect(life).toBe(words.days(limits.maxTtlSeconds / DAY_SECONDS));
    expect(source).toMatch(/^\[[^\]]+\]\(\S+\)$/);
    expect(source).toContain(`(${limits.source})`);
  });

  test('says when the limits were checked', () => {
    const days = new Set(Object.values(vendors).map(({ limits }) => limits.checkedOn));

    expect([...text.matchAll(/\d{4}-\d\d-\d\d/g)].map(([day]) => day)).toEqual([...days]);
  });
});
