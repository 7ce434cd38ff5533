// Fails when src/api/schema.d.ts is not what `npm run types` makes of the committed contract.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'packwalk-types-'));
const fresh = join(folder, 'schema.d.ts');
try {
  execFileSync('npx', ['--no-install', 'openapi-typescript', '../contracts/openapi/gateway.yaml', '-o', fresh], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (readFileSync(fresh, 'utf8') !== readFileSync('src/api/schema.d.ts', 'utf8')) {
    console.error('src/api/schema.d.ts is not what the contract says: run `npm run types`.');
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
