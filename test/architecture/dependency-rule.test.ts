import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { violationsIn } from './dependency-rule';

test('the code keeps the dependency rule', () => {
  expect(violationsIn('.')).toEqual([]);
});

describe('the check finds', () => {
  test.each([
    ['a model that imports rules', 'lib/model/a.ts', "import { b } from '../rules/b';"],
    ['a model that imports a package', 'lib/model/a.ts', "import type { B } from 'valibot';"],
    ['a rule that imports a vendor', 'lib/rules/a.ts', "import { b } from '../vendors/registry';"],
    ['a rule that imports a use case', 'lib/rules/a.ts', "import type { B } from '../usecases/b';"],
    ['a rule that imports Node', 'lib/rules/a.ts', "import { hash } from 'node:crypto';"],
    ['a rule that reads the clock', 'lib/rules/a.ts', 'export const now = () => Date.now();'],
    ['a rule that makes a date', 'lib/rules/a.ts', 'export const day = new Date(0).getDay();'],
    ['a rule that calls out', 'lib/rules/a.ts', "export const b = () => fetch('/');"],
    ['a rule that throws dice', 'lib/rules/a.ts', 'export const b = () => Math.random();'],
    ['a rule that reads the environment', 'lib/rules/a.ts', 'export const b = process.env;'],
    ['a model that reads the clock', 'lib/model/a.ts', 'export const now = () => Date.now();'],
    ['a vendor that imports another', 'lib/vendors/oppo/a.ts', "import { b } from '../vivo/b';"],
    ['a vendor that imports another’s facts', 'lib/vendors/oppo/a.ts', "import '../vivo';"],
    ['what vendors share, with one of them', 'lib/vendors/a.ts', "import './vivo/protocol';"],
    ['a vendor that imports the registry', 'lib/vendors/oppo/a.ts', "export * from '../registry';"],
    ['a vendor that asks all others', 'lib/vendors/oppo/a.ts', "import '../verifiers';"],
    ['what vendors share, asking all', 'lib/vendors/a.ts', "import './verifiers';"],
    ['the registry with a sender', 'lib/vendors/registry.ts', "import './oppo/sender';"],
    ['payloads with a vendor’s facts', 'lib/vendors/payloads.ts', "import './oppo';"],
    ['a vendor that knows all payloads', 'lib/vendors/oppo/a.ts', "import '../payloads';"],
    ['verifiers in a vendor’s words', 'lib/vendors/verifiers.ts', "import './oppo/protocol';"],
    ['verifiers that call out', 'lib/vendors/verifiers.ts', "import 'node:https';"],
    ['a use case that asks vendors', 'lib/usecases/a.ts', "import '../vendors/verifiers';"],
    ['a vendor with FCM’s client', 'lib/vendors/oppo/a.ts', "import 'firebase-admin/app';"],
    ['an adapter with FCM’s client', 'lib/aws/a.ts', "import 'firebase-admin/app';"],
    ['a function with FCM’s client', 'functions/a.ts', "await import('firebase-admin/app');"],
    ['a use case that imports an SDK', 'lib/usecases/a.ts', "import '@aws-sdk/client-sqs';"],
    ['a use case that imports a vendor', 'lib/usecases/a.ts', "import '../vendors/oppo/sender';"],
    ['a use case that imports an adapter', 'lib/usecases/a.ts', "import '../aws/job-queue';"],
    ['an adapter that imports a use case', 'lib/aws/a.ts', "import '../usecases/deliver-jobs';"],
    ['an adapter that imports another', 'lib/http/a.ts', "import '../aws/job-queue';"],
    ['an adapter that reads the environment', 'lib/aws/a.ts', 'export const a = process.env.A;'],
    ['a library that imports a function', 'lib/aws/a.ts', "import '../../functions/b';"],
    ['a function that imports the local stack', 'functions/a.ts', "import '../local/start';"],
    ['a simulator that shares code', 'local/simulators/a.ts', "import '../../lib/model/time';"],
    ['a local stack inside a vendor', 'local/a.ts', "import '../lib/vendors/oppo/protocol';"],
    ['a folder nobody spoke of', 'lib/helpers/a.ts', ''],
  ])('%s', (_what, file, source) => {
    expect(violationsOf({ [file]: source })).toEqual([expect.stringContaining(file)]);
  });
});

test('what the rule allows is not found', () => {
  const violations = violationsOf({
    'lib/model/time.ts': "// a Date is a number here\nexport const kind = 'Date';",
    'lib/rules/due.ts': "import type { Clock } from '../model/time';",
    'lib/vendors/vendor.ts': "import { parse } from 'valibot';",
    'lib/vendors/registry.ts': "import { oppo } from './oppo';\nimport './vendor';",
    'lib/vendors/payloads.ts':
      "import './oppo/abilities';\nimport './oppo/payload';\nimport type { A } from './registry';",
    'lib/vendors/oppo/index.ts': "import '../vendor';\nimport './errors';\nimport 'node:crypto';",
    'lib/vendors/oppo/auth.ts': "import '../access-tokens';",
    'lib/vendors/access-tokens.ts': "import '../model/time';\nimport './outcomes';",
    'lib/vendors/verifiers.ts': "import './oppo/sender';\nimport './registry';\nimport 'valibot';",
    'functions/manage-certificates.ts': "import '../lib/vendors/verifiers';",
    'lib/vendors/fcm/sender.ts': "import 'firebase-admin/app';\nimport '../../rules/due';",
    'lib/usecases/check.ts': "import '../vendors/payloads';",
    'lib/usecases/deliver.ts': "import '../vendors/registry';\nimport '../rules/due';",
    'lib/aws/queue.ts': "import '@aws-sdk/client-sqs';\nimport '../model/time';\nDate.now();",
    'functions/send-oppo.ts': "import '../lib/vendors/oppo/sender';\nprocess.env.STAGE;",
    'local/simulators/oppo/oppo.ts': "import 'node:http';\nimport '../ring';",
    'local/start.ts': "import '../lib/aws/queue';\nimport './simulators/oppo/oppo';",
  });

  expect(violations).toEqual([]);
});

/** Plants files in a tree of their own and checks it. */
function violationsOf(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'offline-push-tree-'));
  try {
    for (const folder of ['lib', 'functions', 'local']) mkdirSync(join(root, folder));
    for (const [file, source] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), source);
    }
    return violationsIn(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
