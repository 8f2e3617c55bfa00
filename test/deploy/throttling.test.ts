import { number, object, parse, record, string } from 'valibot';
import { OPERATIONS } from '../../lib/http/operations';
import { copyService } from './packaged-service';
import { PACKAGED_TEMPLATE, readTemplate, resourcesOf, type Template } from './template';

const TIMEOUT_MS = 120_000;
const limit = object({ ThrottlingRateLimit: number(), ThrottlingBurstLimit: number() });
const stageProperties = object({
  DefaultRouteSettings: limit,
  RouteSettings: record(string(), limit),
});

const service = copyService();
afterAll(() => service.remove());

function stageOf(template: Template) {
  const [[, stage] = []] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage');
  return {
    ...parse(stageProperties, stage?.Properties),
    dependsOn: [stage?.DependsOn ?? []].flat(),
  };
}

test('strangers are limited, and where no token is asked for to less than callers with one', () => {
  const { DefaultRouteSettings: callers, RouteSettings } = stageOf(readTemplate(PACKAGED_TEMPLATE));
  const open = OPERATIONS.flatMap(({ route, scope }) => (scope === 'none' ? [route] : []));

  expect(callers).toMatchObject({ ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 2_000 });
  expect(Object.keys(RouteSettings).sort()).toEqual([...open, '$default'].sort());
  for (const one of Object.values(RouteSettings)) {
    expect(one.ThrottlingRateLimit).toBeLessThan(callers.ThrottlingRateLimit);
    expect(one.ThrottlingBurstLimit).toBeLessThan(callers.ThrottlingBurstLimit);
  }
});

test('a route with a limit of its own keeps its metrics', () => {
  const [[, stage] = []] = resourcesOf(readTemplate(PACKAGED_TEMPLATE), 'AWS::ApiGatewayV2::Stage');
  const { RouteSettings, DefaultRouteSettings } = stage?.Properties ?? {};

  for (const settings of [DefaultRouteSettings, ...Object.values(Object(RouteSettings))]) {
    expect(settings).toMatchObject({ DetailedMetricsEnabled: true });
  }
});

test('the stage is made after every route it limits', () => {
  const template = readTemplate(PACKAGED_TEMPLATE);
  const { RouteSettings, dependsOn } = stageOf(template);

  const made = dependsOn.map(
    (id) => template.Resources[String(id)]?.Properties['RouteKey'] ?? `no ${id}`,
  );

  expect(made.sort()).toEqual(Object.keys(RouteSettings).sort());
});

test(
  'the owner sets the limits, in whole requests',
  async () => {
    const at = ['--region', 'us-east-1'];
    const { templateFile } = await service.package(
      ...at,
      '--param=apiRatePerSecond=50',
      '--param=apiBurst=60',
      '--param=receiptRatePerSecond=7',
      '--param=receiptBurst=8',
    );
    const { DefaultRouteSettings, RouteSettings } = stageOf(readTemplate(templateFile));
    const refused = await service.package(...at, '--param=apiRatePerSecond=many');

    expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 60 });
    expect(RouteSettings['POST /r/{id}']).toEqual({
      ThrottlingRateLimit: 7,
      ThrottlingBurstLimit: 8,
    });
    expect(refused.succeeded).toBe(false);
    expect(refused.output).toContain('--param apiRatePerSecond=many: must be a whole number');
  },
  TIMEOUT_MS,
);
