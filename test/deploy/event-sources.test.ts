import { copyService } from './packaged-service';
import { readTemplate, resourcesOf, targetOf } from './template';

const TIMEOUT_MS = 120_000;
const AT = ['--stage', 'local', '--region', 'us-east-1'];

const service = copyService();
afterAll(() => service.remove());

/** Event sources of all senders' queues of one lane. */
async function sourcesWith(lane: 'Direct' | 'Bulk', ...options: string[]) {
  const { succeeded, output, templateFile } = await service.package(...AT, ...options);
  if (!succeeded) throw new Error(output);
  return resourcesOf(readTemplate(templateFile), 'AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => Properties)
    .filter((one) => targetOf(one['EventSourceArn']).endsWith(`${lane}Queue`));
}

test(
  'the owner sets how many senders may run for a queue',
  async () => {
    const direct = await sourcesWith('Direct', '--param=directConcurrency=20');
    const bulk = await sourcesWith('Bulk', '--param=directConcurrency=20');

    expect(direct).toHaveLength(9);
    for (const one of direct)
      expect(one).toMatchObject({ ScalingConfig: { MaximumConcurrency: 20 } });
    for (const one of bulk) expect(one).toMatchObject({ ScalingConfig: { MaximumConcurrency: 5 } });
  },
  TIMEOUT_MS,
);

test(
  'direct queues get pollers of their own where the owner pays for them',
  async () => {
    const direct = await sourcesWith('Direct', '--param=directPollers=3');
    const none = await sourcesWith('Direct');

    expect(direct).toHaveLength(9);
    for (const one of direct) {
      expect(one).toMatchObject({
        ProvisionedPollerConfig: { MinimumPollers: 3, MaximumPollers: 3 },
      });
      expect(one).not.toHaveProperty('ScalingConfig'); // AWS refuses both
    }
    for (const one of none) expect(one).not.toHaveProperty('ProvisionedPollerConfig');
  },
  TIMEOUT_MS,
);

test.each(['directConcurrency=1', 'bulkConcurrency=many', 'directPollers=201'])(
  '--param %s is refused by its name',
  async (parameter) => {
    const { succeeded, output } = await service.package(...AT, `--param=${parameter}`);

    expect(succeeded).toBe(false);
    expect(output).toContain(`--param ${parameter}: must be a whole number`);
  },
  TIMEOUT_MS,
);
