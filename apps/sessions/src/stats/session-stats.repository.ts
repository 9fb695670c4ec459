import { Injectable } from '@nestjs/common';
import type { Interruption, TokenCounts } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import type { SessionKey } from '../sessions/sessions.repository.js';

/** Messages, and turns, that a session's stats are made of at the most; so many take a tenth of a second. */
export const maxCounted = 100_000;

/** One more than is counted tells that there are more. */
const some = (columns: string, table: string) =>
  `select ${columns} from ${table} where tenant_id = $1 and session_id = $2 limit ${maxCounted} + 1`;

interface MessageCounts {
  readonly total: number;
  readonly inConversation: number;
  readonly user: number;
  readonly assistant: number;
  readonly instructions: number;
}

const messages = `select count(*)::int as total, count(position)::int as "inConversation",
    count(*) filter (where role = 'user')::int as user, count(*) filter (where role = 'assistant')::int as assistant,
    count(*) filter (where role in ('system', 'developer'))::int as instructions
  from (${some('position, role', 'messages')}) m`;

/** Turns that ended alike, by `reason` where they broke off. */
export interface TurnCounts {
  readonly status: 'open' | 'completed' | 'interrupted';
  readonly reason: Interruption | null;
  readonly count: number;
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

const percentile = (share: number) => `percentile_cont(${share}) within group (order by ms)::int`;
const turns = `select status, reason, count(*)::int as count, avg(ms)::int as "meanMs",
    ${percentile(0.5)} as "p50Ms", ${percentile(0.95)} as "p95Ms"
  from (select status, reason, extract(epoch from ended_at - opened_at)::float8 * 1000 as ms
    from (${some('status, reason, opened_at, ended_at', 'turns')}) t) timed group by status, reason`;

export interface AnswerSums extends TokenCounts {
  /** Null for all of the session, or for answers whose model is not known: `total` tells which. */
  readonly model: string | null;
  readonly total: boolean;
  readonly answers: number;
  readonly costUsd: string | null;
  readonly unpriced: number;
}

/** What turns of this very session gave: a fork copies answers, which took nothing in it. */
const answers = (
  columns: string,
) => `select ${columns} from (${some('id, turn_id, role, model, tokens, cost_usd', 'messages')}) m
    join turns t on t.tenant_id = $1 and t.session_id = $2 and t.answer_id = m.id and t.status <> 'open'`;

const sum = (tokens: keyof TokenCounts) => `coalesce(sum(k.${tokens}), 0)::float8 as ${tokens}`;
const sums = `select a.model, grouping(a.model) = 1 as total, count(*)::int as answers,
    ${sum('input')}, ${sum('output')}, ${sum('cache_read')}, ${sum('cache_write')}, ${sum('reasoning')},
    trim_scale(sum(a.cost_usd::numeric))::text as "costUsd", (count(*) - count(a.cost_usd))::int as unpriced
  from (${answers('m.model, m.tokens, m.cost_usd')}) a left join lateral json_to_record(a.tokens)
    as k (input bigint, output bigint, cache_read bigint, cache_write bigint, reasoning bigint) on true
  group by grouping sets ((), (a.model)) order by total desc, answers desc, a.model limit 101`;

interface ToolCalls {
  readonly name: string;
  readonly calls: number;
}

const tools = `select u.name, sum(u.calls)::int as calls from (${answers('m.id')}) a
    join message_tools u on u.tenant_id = $1 and u.message_id = a.id
  group by u.name order by calls desc, u.name limit 100`;

/** For tests of their plans at size. */
export const statements = { messages, turns, sums, tools };

/** Every statement is of one session, whose rows it finds by index. */
@Injectable()
export class SessionStatsRepository {
  async messages(tx: Transaction, key: SessionKey): Promise<MessageCounts> {
    const [counts] = await this.of<MessageCounts>(tx, messages, key);
    return one(counts);
  }

  turns(tx: Transaction, key: SessionKey): Promise<TurnCounts[]> {
    return this.of(tx, turns, key);
  }

  /** All of them, and those of each model. */
  async answers(tx: Transaction, key: SessionKey): Promise<readonly [AnswerSums, AnswerSums[]]> {
    const [all, ...models] = await this.of<AnswerSums>(tx, sums, key);
    return [one(all), models];
  }

  tools(tx: Transaction, key: SessionKey): Promise<ToolCalls[]> {
    return this.of(tx, tools, key);
  }

  private of<T>(tx: Transaction, sql: string, { tenantId, id }: SessionKey): Promise<T[]> {
    return tx.query<T>(sql, [tenantId, id]);
  }
}

/** Of a statement that always has one. */
function one<T>(row: T | undefined): T {
  if (row === undefined) throw new Error('A sum over no rows is a row');
  return row;
}
