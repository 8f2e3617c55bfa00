import { signParameters } from '../../../../local/simulators/meizu/signature';

const SAMPLE = {
  appId: '10000',
  pushIds: 'RA50c6348036344485d01776773577c64740465480a6b',
  messageJson: '{"title":"title","content":"content","pushTimeInfo":{"offLine":1,"validTime":24}}',
};

function signed(fields: Readonly<Record<string, string>>, secret: string): string {
  return signParameters(new Map(Object.entries(fields)), secret);
}

test('the sample of the vendor’s document has the published signature', () => {
  expect(signed(SAMPLE, '<APP_SECRET>')).toBe('ac076ff25d9900015a681cb5172aa53b');
});

test('the text printed beside the sample, with blanks after the colons, has another one', () => {
  const messageJson =
    '{"title": "title","content": "content","pushTimeInfo": {"offLine": 1,"validTime": 24}}';
  expect(signed({ ...SAMPLE, messageJson }, '<APP_SECRET>')).toBe(
    '250ed115b2977afb5f81578daa33aa7c',
  );
});

test('texts are hashed in UTF-8 as they are before encoding, and sign itself is left out', () => {
  const fields = {
    appId: '100001',
    pushIds:
      'R5Q6b4e0d1c2b3a4f5e6d7c8b9a0f1e2d3c4b5a69788,R5Q6b4e0d1c2b3a4f5e6d7c8b9a0f1e2d3c4b5a69799',
    messageJson:
      '{"noticeBarInfo":{"noticeMsgType":1,"title":"订单已发货","content":"您的订单 A-1001 已发货"},"clickTypeInfo":{"clickType":0},"pushTimeInfo":{"offLine":1,"validTime":24}}',
    sign: 'whatever',
  };
  expect(signed(fields, '0a1b2c3d4e5f60718293a4b5c6d7e8f9')).toBe(
    'f60118723e91408f122141bf9fec5299',
  );
});
