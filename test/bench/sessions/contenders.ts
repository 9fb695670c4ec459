import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startPlatform, type Platform } from '../../../tools/stack/platform.ts';
import type { Report } from '../../../tools/stack/report.ts';
import { load, type Result } from '../load.ts';
import { longTokens, newKey } from '../mcp/key.ts';

export type ContenderName = 'bare insert' | 'parley' | 'parley through the edge';

export interface Contender {
  readonly name: ContenderName;
  run(connections: number, seconds: number): Promise<Result>;
}

export interface Contest {
  readonly contenders: readonly Contender[];
  /** Messages that are stored, and whether every event of theirs has left. */
  stored(): Promise<{ readonly messages: number; readonly waiting: number }>;
  stop(): Promise<void>;
}

/** As many as a busy tenant has going at a time, so that hardly two messages meet in one. */
const sessionCount = 1_000;
const text = 'How far is the moon, and how long would a letter take to get there?';

/** The platform, and a table beside its own in the same PostgreSQL. */
export async function startContest(report: Report): Promise<Contest> {
  const platform = await startPlatform({ env: longTokens, report });
  try {
    const database = platform.env['PARLEY_DATABASE_URL'] ?? '';
    await withClient(database, (client) =>
      client.query('create table bare_messages (id uuid primary key, session_id uuid, role text, body json)'),
    );
    const { key, token } = await newKey(platform);
    const paths = await newSessions(platform, token);
    return {
      contenders: [
        bareInsert(database),
        overHttp('parley', platform.service('sessions').url, token, paths),
        overHttp('parley through the edge', platform.url, key, paths),
      ],
      stored: () => storedIn(database),
      stop: () => platform.stop(),
    };
  } catch (error) {
    await platform.stop();
    throw error;
  }
}

const bareInsert = (database: string): Contender => ({
  name: 'bare insert',
  run: async (connections, seconds) => {
    const script = fileURLToPath(new URL('bare-insert.ts', import.meta.url));
    const env = { ...process.env, NODE_ENV: 'production', BARE_DATABASE_URL: database, BARE_TEXT: text };
    const { stdout } = await promisify(execFile)(process.execPath, [script, String(connections), String(seconds)], {
      env,
    });
    return JSON.parse(stdout) as Result;
  },
});

const overHttp = (name: ContenderName, url: string, credential: string, paths: readonly string[]): Contender => ({
  name,
  run: (connections, seconds) =>
    load({
      url,
      paths,
      headers: { authorization: `Bearer ${credential}` },
      body: JSON.stringify({ role: 'user', content: text }),
      expect: '"status":"complete"',
      connections,
      seconds,
    }),
});

async function newSessions(platform: Platform, token: string): Promise<string[]> {
  const url = `${platform.service('sessions').url}/v1/sessions`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const paths: string[] = [];
  while (paths.length < sessionCount) {
    const response = await fetch(url, { method: 'POST', headers, body: '{}' });
    if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
    paths.push(`/v1/sessions/${((await response.json()) as { id: string }).id}/messages`);
  }
  return paths;
}

async function storedIn(database: string): Promise<{ messages: number; waiting: number }> {
  const url = new URL(database);
  url.pathname = '/parley_sessions';
  const { rows } = await withClient(url.href, (client) =>
    client.query<{ messages: number; waiting: number }>(
      'select (select count(*)::int from messages) as messages, (select count(*)::int from outbox) as waiting',
    ),
  );
  return rows[0] ?? { messages: 0, waiting: 0 };
}

async function withClient<T>(connectionString: string, fn: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}
