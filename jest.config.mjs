export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  transform: { '^.+\\.ts$': '<rootDir>/jest-esbuild.cjs' },
  extensionsToTreatAsEsm: ['.ts'],
  testTimeout: 30_000,
  maxWorkers: 2,
  setupFilesAfterEnv: ['<rootDir>/test/support/retry-late-tests.ts'],
  reporters: ['default', '<rootDir>/test/support/totals-reporter.mjs'],
};
