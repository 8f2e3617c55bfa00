import { copyService } from './packaged-service';
import { PACKAGED_TEMPLATE, readTemplate, resourcesOf, stringsIn, type Template } from './template';

// packaging takes 3 s, several times that on a busy machine
const TIMEOUT_MS = 120_000;

const service = copyService();
afterAll(() => service.remove());

test('no partition and no host of one partition is written out', () => {
  const literals = stringsIn(readTemplate(PACKAGED_TEMPLATE)).filter(
    // names of services are the same everywhere; hosts and ARNs are not
    ({ path, text }) => !path.includes('.Principal') && /arn:aws|amazonaws\.com/.test(text),
  );

  expect(literals).toEqual([]);
});

test(
  'the region must be chosen',
  async () => {
    const { succeeded, output } = await service.package('--stage', 'local');

    expect(succeeded).toBe(false);
    expect(output).toContain('"provider.region": Value not found at "opt" source');
  },
  TIMEOUT_MS,
);

test(
  'in China the template is the same, but for a setting its regions do not have',
  async () => {
    const { succeeded, output, templateFile } = await service.package(
      '--stage',
      'local',
      '--region',
      'cn-north-1',
    );

    expect({ succeeded, output }).toMatchObject({ succeeded: true });
    const china = readTemplate(templateFile);
    expect(comparable(china)).toEqual(comparable(readTemplate(PACKAGED_TEMPLATE)));
    expect(JSON.stringify(china)).not.toContain('RecursiveLoop');
  },
  TIMEOUT_MS,
);

test(
  'alarms are sent to the topic named, and to none by default',
  async () => {
    const topic = 'arn:aws:sns:us-east-1:123456789012:alarms';
    const { templateFile } = await service.package(
      '--region',
      'us-east-1',
      `--param=alarmTopicArn=${topic}`,
    );

    const actionsIn = (template: Template) =>
      resourcesOf(template, 'AWS::CloudWatch::Alarm').map(
        ([, { Properties }]) => Properties['AlarmActions'],
      );
    expect(new Set(actionsIn(readTemplate(PACKAGED_TEMPLATE)))).toEqual(new Set([undefined]));
    for (const actions of actionsIn(readTemplate(templateFile))) expect(actions).toEqual([topic]);
  },
  TIMEOUT_MS,
);

/** A template without the time of its making and without Lambda's loop setting. */
function comparable(template: Template): unknown {
  return JSON.parse(
    JSON.stringify(template, (key, value: unknown) =>
      key === 'S3Key' || key === 'RecursiveLoop' ? undefined : value,
    ),
  );
}
