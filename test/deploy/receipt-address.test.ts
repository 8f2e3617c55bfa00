import { environmentOf, PACKAGED_TEMPLATE, readTemplate, resourcesOf } from './template';

/** Vendors refuse a message whose receipt address is longer; vivo, Xiaomi and Meizu count 128 (their READMEs). */
const MAX_BYTES = 128;

/**
 * Regions by the suffix of their hosts, as the AWS SDK lists them for its partitions `aws` and `aws-cn`
 * (`util-endpoints/lib/aws/partitions.js` in `@aws-sdk/core`, read 2026-11-24).
 */
const REGIONS: Readonly<Record<string, string>> = {
  'amazonaws.com':
    'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2',
  'amazonaws.com.cn': 'cn-north-1 cn-northwest-1',
};

/** API Gateway makes them of 10 lower-case letters and digits. */
const API_ID = 'a1b2c3d4e5';
/** Of `newReceiptId`; the journey of certificates checks their length. */
const RECEIPT_ID = 'r'.repeat(22);

const template = readTemplate(PACKAGED_TEMPLATE);

test('vendors are told the host that API Gateway gives, without a stage in the path', () => {
  const told = resourcesOf(template, 'AWS::Lambda::Function')
    .map(([, lambda]) => environmentOf(lambda)['PUBLIC_URL'])
    .filter((url) => url !== undefined);
  const stages = resourcesOf(template, 'AWS::ApiGatewayV2::Stage').map(
    ([, { Properties }]) => Properties['StageName'],
  );

  expect(new Set(told.map((url) => JSON.stringify(url)))).toEqual(
    new Set(['{"Fn::GetAtt":["HttpApi","ApiEndpoint"]}']),
  );
  expect(stages).toEqual(['$default']);
});

test('a receipt address is short enough for every vendor in every region', () => {
  const [route = ''] = resourcesOf(template, 'AWS::ApiGatewayV2::Route')
    .map(([, { Properties }]) => String(Properties['RouteKey']))
    .filter((key) => key.startsWith('POST /r/'));
  const path = route.replace('POST ', '').replace('{id}', RECEIPT_ID);

  const addresses = Object.entries(REGIONS).flatMap(([suffix, regions]) =>
    regions.split(' ').map((region) => `https://${API_ID}.execute-api.${region}.${suffix}${path}`),
  );

  expect(path).toBe(`/r/${RECEIPT_ID}`);
  expect(addresses.length).toBeGreaterThan(30);
  expect(addresses.filter((address) => Buffer.byteLength(address) > MAX_BYTES)).toEqual([]);
});
