import { fileURLToPath } from 'node:url';
import { startPlatform, type Platform } from '../../../../tools/stack/platform.ts';
import { databaseOf, query } from '../../../database.ts';
import { startTogether, type Stoppable } from '../../contest.ts';
import { ask, longTokens, newKey, tokenOf } from '../../key.ts';
import { load } from '../../load.ts';
import type { Contender } from '../../rounds.ts';
import { report } from '../../tell.ts';
import { startWorker } from '../../worker.ts';
import type { Stored } from './report.ts';

export type ContenderName = 'bare insert' | 'parley' | 'parley through the edge';

export interface Contest extends Stoppable {
  readonly contenders: readonly Contender<ContenderName>[];
  /** Messages that are stored, and whether every event of theirs has left. */
  readonly stored: () => Promise<Stored>;
}

export const connections = 64;

/** As many as a busy tenant has going at a time, so that hardly two messages meet in one. */
const sessionCount = 1_000;
const text = 'How far is the moon, and how long would a letter take to get there?';

const script = fileURLToPath(new URL('bare-insert.ts', import.meta.url));

/** The platform, and a table beside its own in the same PostgreSQL. */
export const startContest = (): Promise<Contest> =>
  startTogether(async (keep) => {
    const platform = keep(await startPlatform({ env: longTokens, report }));
    const database = platform.env['PARLEY_DATABASE_URL'] ?? '';
    await query(database, 'create table bare_messages (id uuid primary key, session_id uuid, role text, body json)');
    const env = { BARE_DATABASE_URL: database, BARE_TEXT: text };
    const bare = keep(await startWorker(script, { args: [String(connections)], env }));
    const key = await newKey(platform);
    const token = await tokenOf(platform, key);
    const paths = await newSessions(platform, token);
    return {
      contenders: [
        { name: 'bare insert', run: bare.run },
        overHttp('parley', platform.service('sessions').url, token, paths),
        overHttp('parley through the edge', platform.url, key.key, paths),
      ],
      stored: () => storedIn(platform),
    };
  });

const overHttp = (
  name: ContenderName,
  url: string,
  credential: string,
  paths: readonly string[],
): Contender<ContenderName> => ({
  name,
  run: (seconds) =>
    load({
      url,
      turns: paths.map((path) => ({ path })),
      headers: { authorization: `Bearer ${credential}` },
      body: JSON.stringify({ role: 'user', content: text }),
      expect: '"status":"complete"',
      connections,
      seconds,
    }),
});

async function newSessions(platform: Platform, token: string): Promise<string[]> {
  const url = `${platform.service('sessions').url}/v1/sessions`;
  const paths: string[] = [];
  while (paths.length < sessionCount)
    paths.push(`/v1/sessions/${(await ask<{ id: string }>(url, token, {})).id}/messages`);
  return paths;
}

async function storedIn(platform: Platform): Promise<Stored> {
  const counts =
    'select (select count(*)::int from messages) as messages, (select count(*)::int from outbox) as waiting';
  const [stored] = await query<Stored>(databaseOf(platform.env, 'sessions'), counts);
  return stored ?? { messages: 0, waiting: 0 };
}
