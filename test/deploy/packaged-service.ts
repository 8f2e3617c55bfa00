import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const OSLS = resolve('node_modules/serverless/bin/serverless.js');
/** All that packaging reads. */
const SOURCES = ['serverless.yml', 'functions', 'lib', 'dist/functions'];

/** How one run of the packager ended. */
export interface Packaging {
  /** Exit code 0. */
  readonly succeeded: boolean;
  /** What it printed. */
  readonly output: string;
  /** The compiled template, if it succeeded. */
  readonly templateFile: string;
}

/**
 * Packages a copy of the service, so that the one other tests read stays as it is.
 * `remove` deletes the copy.
 */
export function copyService() {
  const folder = mkdtempSync(join(tmpdir(), 'offline-push-package-'));
  for (const source of SOURCES) cpSync(source, join(folder, source), { recursive: true });

  return {
    async package(...options: string[]): Promise<Packaging> {
      const packager = spawn(process.execPath, [OSLS, 'package', ...options], {
        cwd: folder,
        // the region is to be asked for even where the shell has one
        env: { ...process.env, AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' },
      });
      const output: string[] = [];
      packager.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
      packager.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
      const code = await new Promise((resolve, reject) => {
        packager.on('close', resolve).on('error', reject);
      });
      return {
        succeeded: code === 0,
        output: output.join(''),
        templateFile: join(folder, '.serverless/cloudformation-template-update-stack.json'),
      };
    },
    remove(): void {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
