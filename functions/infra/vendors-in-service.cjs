const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { pascalCase } = require('./names.cjs');

const root = join(__dirname, '../..');

/**
 * Vendors that have a sender, with the limits they publish and what else of them concerns the infrastructure.
 * `functions/send-<vendor>.ts` alone puts a vendor into service: queues, function, alarms and dashboard row follow.
 * @returns {{ id: string, logicalId: string, hasAccessTokens: boolean, limits: { rateCounts: string, ratePerSecond: number, quotas?: object } }[]}
 */
function vendorsInService() {
  return readdirSync(join(root, 'functions'))
    .flatMap((file) => /^send-([a-z]+)\.ts$/.exec(file)?.[1] ?? [])
    .sort()
    .map((id) => ({
      id,
      logicalId: pascalCase(id),
      limits: limitsOf(id),
      // what exchanges or signs them, and keeps them for all containers
      hasAccessTokens: existsSync(join(root, 'lib/vendors', id, 'auth.ts')),
    }));
}

function limitsOf(id) {
  const file = join(root, 'lib/vendors', id, 'limits.json');
  if (!existsSync(file)) {
    throw new Error(
      `functions/send-${id}.ts has no vendor: lib/vendors/${id}/limits.json is missing`,
    );
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

module.exports = { vendorsInService };
