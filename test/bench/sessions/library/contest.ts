import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { startPlatform } from '../../../../tools/stack/platform.ts';
import { databaseOf, query } from '../../../database.ts';
import { startTogether, type Stoppable } from '../../contest.ts';
import { ask, longTokens, newKey, tokenOf } from '../../key.ts';
import { load } from '../../load.ts';
import type { Contender } from '../../rounds.ts';
import { report } from '../../tell.ts';
import { startWorker } from '../../worker.ts';
import { placesOf, wordsOf } from './places.ts';
import { bareIndexes, questionsOf, type Question, type Statement } from './questions.ts';
import { beginSeeding, type Size } from './seed.ts';

export type ContenderName = 'bare SQL' | 'parley';

export interface Contest extends Stoppable {
  /** Fills the database, and answers what can be asked then. */
  readonly grow: (size: Size) => Promise<readonly Question[]>;
  /** Where the two answer differently. */
  readonly differences: (question: Question) => Promise<string[]>;
  readonly contenders: (question: Question) => readonly Contender<ContenderName>[];
}

/** As many as an instance has at a time when it has much to do. */
export const connections = 16;

/** What is left alone stays as it was made. */
const unhurried = { SESSION_IDLE_AFTER_S: '31536000' };

const script = fileURLToPath(new URL('answerer.ts', import.meta.url));

export const startContest = (): Promise<Contest> =>
  startTogether(async (keep) => {
    const platform = keep(await startPlatform({ env: { ...longTokens, ...unhurried }, report }));
    const database = databaseOf(platform.env, 'sessions');
    const token = await tokenOf(platform, await newKey(platform));
    const tenant = tenantOf(token);
    const seeding = keep(await beginSeeding(database, tenant));
    const env = { BARE_DATABASE_URL: database };
    const bare = keep(
      await startWorker<readonly (readonly Statement[])[]>(script, { args: [String(connections)], env }),
    );
    const { url } = platform.service('sessions');
    const headers = { authorization: `Bearer ${token}` };
    return {
      grow: async (size) => {
        await seeding.upTo(size);
        await copySessions(database);
        return questionsOf(tenant, await placesOf(database, tenant), await wordsOf(database, tenant));
      },
      differences: async ({ name, ranked = false, turns }) => {
        const wrong: string[] = [];
        for (const { path, statements } of turns) {
          const given = idsOf(await ask<Given>(`${url}${path}`, token));
          const { text = '', values = [] } = statements.at(-1) ?? {};
          const rows = await query<{ id: string }>(database, text, [...values]);
          const same = rows.slice(0, given.length || 1).map(({ id }) => id);
          const equal = ranked ? given.length === same.length : isDeepStrictEqual(given, same);
          if (!equal) wrong.push(`${name}: ${path} is answered otherwise than by SQL`);
        }
        return wrong;
      },
      contenders: ({ turns }) => [
        {
          name: 'bare SQL',
          run: (seconds) =>
            bare.run(
              seconds,
              turns.map(({ statements }) => statements),
            ),
        },
        {
          name: 'parley',
          run: (seconds) => load({ ...{ url, headers, turns, connections, seconds }, method: 'GET', expect: '{' }),
        },
      ],
    };
  });

interface Given {
  readonly data?: readonly { readonly id?: string; readonly message_id?: string }[];
  readonly messages?: readonly { readonly id: string }[];
}

const idsOf = ({ data, messages }: Given) =>
  (messages ?? data ?? []).map((row) => ('message_id' in row ? row.message_id : row.id));

function tenantOf(token: string): string {
  const [, claims = ''] = token.split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { tenant_id: string }).tenant_id;
}

async function copySessions(database: string): Promise<void> {
  await query(database, 'drop table if exists bench.sessions');
  await query(database, 'create table bench.sessions as select * from sessions');
  for (const index of bareIndexes) await query(database, index);
  await query(database, 'vacuum (analyze) bench.sessions');
}
