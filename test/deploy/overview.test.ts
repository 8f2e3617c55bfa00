import { permissionsOf, shortNameOf, summaryOf } from './policies';
import {
  environmentOf,
  PACKAGED_TEMPLATE,
  readTemplate,
  resourcesOf,
  stringsIn,
  targetOf,
} from './template';

/** What would be deployed, to be read in a diff. */
const template = readTemplate(PACKAGED_TEMPLATE);

/** Follow from the functions and their events; routes are shown below. */
const PLUMBING = [
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
];

test('resources', () => {
  const essential = Object.entries(template.Resources).filter(
    ([, resource]) => !PLUMBING.includes(resource.Type),
  );
  const byType = Map.groupBy(essential, ([, resource]) => resource.Type);

  const overview = [...byType].sort().map(([type, resources]) => {
    const ids = resources.map(([id]) => id).sort();
    return `${type}\n${ids.map((id) => `  ${id}`).join('\n')}`;
  });

  expect(`\n${overview.join('\n')}\n`).toMatchSnapshot();
});

test('routes', () => {
  const functionOf = new Map(
    resourcesOf(template, 'AWS::ApiGatewayV2::Integration').map(([id, { Properties }]) => [
      id,
      template.Resources[targetOf(Properties['IntegrationUri'])],
    ]),
  );

  const overview = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
    const target = stringsIn(Properties['Target']).find(({ path }) => path.endsWith('.Ref'));
    const lambda = functionOf.get(target?.text ?? '');
    return `${Properties['RouteKey']} -> ${lambda === undefined ? 'nothing' : shortNameOf(lambda)}`;
  });

  expect(`\n${overview.sort().join('\n')}\n`).toMatchSnapshot();
});

test('permissions', () => {
  const byFunction = Map.groupBy(permissionsOf(template), ({ functionName }) => functionName);

  const overview = [...byFunction].sort().map(([name, permissions]) => {
    return `${name}\n${permissions.map((one) => `  ${summaryOf(one)}`).join('\n')}`;
  });

  expect(`\n${overview.join('\n')}\n`).toMatchSnapshot();
});

test('environment', () => {
  const overview = resourcesOf(template, 'AWS::Lambda::Function').map(([, lambda]) => {
    const names = Object.keys(environmentOf(lambda));
    return `${shortNameOf(lambda)}: ${names.sort().join(' ')}`;
  });

  expect(`\n${overview.sort().join('\n')}\n`).toMatchSnapshot();
});
