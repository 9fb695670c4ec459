import { Injectable } from '@nestjs/common';
import type { ExpertAnswer } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { QueriesOptions } from './queries.options.js';
import type { StoredQuery } from './query.js';

export interface NewQuery extends Pick<StoredQuery, 'id' | 'question' | 'options' | 'requestHash' | 'createdAt'> {
  readonly tenantId: string;
  readonly askedBy: string;
  readonly idempotencyKey: string | undefined;
  /** The session that asks, where one does. */
  readonly sessionId: string | null;
}

/** Which of a tenant's queries. */
export interface QueryKey {
  readonly tenantId: string;
  readonly id: string;
}

const columns = `id, status, question, options, consensus, agreement, request_hash as "requestHash",
  created_at as "createdAt", finished_at as "finishedAt"`;

/** Leases are by the database's own clock, which all instances share. */
const leaseFrom = (parameter: string) => `now() + ${parameter} * interval '1 millisecond'`;

@Injectable()
export class QueriesRepository {
  constructor(private readonly options: QueriesOptions) {}

  /** False when the key has a query already. */
  async begin(tx: Transaction, query: NewQuery): Promise<boolean> {
    const { tenantId, idempotencyKey = null, options, createdAt } = query;
    const added = await tx.query(
      `insert into expert_queries (id, tenant_id, asked_by, status, question, options, idempotency_key, request_hash,
         created_at, session_id, lease_until)
       values ($1, $2, $3, 'running', $4, $5, $6, $7, $8, $9, ${leaseFrom('$10::bigint')})
       on conflict (tenant_id, idempotency_key) where idempotency_key is not null do nothing returning id`,
      [
        query.id,
        tenantId,
        query.askedBy,
        query.question,
        options,
        idempotencyKey,
        query.requestHash,
        createdAt,
        query.sessionId,
        this.options.leaseMs,
      ],
    );
    return added.length > 0;
  }

  async find(tx: Transaction, { tenantId, id }: QueryKey): Promise<StoredQuery | undefined> {
    const [row] = await tx.query<StoredQuery>(
      `select ${columns} from expert_queries where tenant_id = $1 and id = $2`,
      [tenantId, id],
    );
    return row;
  }

  async findByKey(tx: Transaction, tenantId: string, key: string): Promise<StoredQuery | undefined> {
    const [row] = await tx.query<StoredQuery>(
      `select ${columns} from expert_queries where tenant_id = $1 and idempotency_key = $2`,
      [tenantId, key],
    );
    return row;
  }

  /** Takes the key from the query that has had it since before `since`. */
  async releaseKey(tx: Transaction, tenantId: string, key: string, since: Date): Promise<void> {
    await tx.query(
      'update expert_queries set idempotency_key = null where tenant_id = $1 and idempotency_key = $2 and created_at < $3',
      [tenantId, key, since],
    );
  }

  /** At most `limit`, newest first, older than the query `before`. */
  list(tx: Transaction, tenantId: string, limit: number, before: string | null): Promise<StoredQuery[]> {
    return tx.query<StoredQuery>(
      `select ${columns} from expert_queries where tenant_id = $1 and ($2::uuid is null or id < $2)
       order by id desc limit $3`,
      [tenantId, before, limit],
    );
  }

  /** Of all these queries, in the order of the experts. */
  async answers(tx: Transaction, tenantId: string, ids: readonly string[]): Promise<Map<string, ExpertAnswer[]>> {
    const rows = await tx.query<{ readonly id: string; readonly answer: ExpertAnswer }>(
      `select query_id as id, answer from expert_answers where tenant_id = $1 and query_id = any($2)
       order by query_id, position`,
      [tenantId, ids],
    );
    const byQuery = new Map<string, ExpertAnswer[]>(ids.map((id) => [id, []]));
    for (const { id, answer } of rows) byQuery.get(id)?.push(answer);
    return byQuery;
  }

  /** Nothing where the query is gone, with the session that asked. */
  async addAnswer(tx: Transaction, { tenantId, id }: QueryKey, position: number, answer: ExpertAnswer): Promise<void> {
    await tx.query(
      `insert into expert_answers (query_id, position, tenant_id, expert, answer)
       select id, $3, tenant_id, $4, $5 from expert_queries where tenant_id = $1 and id = $2`,
      [tenantId, id, position, answer.expert, JSON.stringify(answer)],
    );
  }

  /** False when the query runs no more. */
  async extend(tx: Transaction, { tenantId, id }: QueryKey): Promise<boolean> {
    const extended = await tx.query(
      `update expert_queries set lease_until = ${leaseFrom('$3::bigint')}
       where tenant_id = $1 and id = $2 and status = 'running' returning id`,
      [tenantId, id, this.options.leaseMs],
    );
    return extended.length > 0;
  }

  /** Ends a running query; undefined when it runs no more. */
  async finish(
    tx: Transaction,
    { tenantId, id }: QueryKey,
    end: Pick<StoredQuery, 'status' | 'consensus' | 'agreement'>,
    now: Date,
  ): Promise<StoredQuery | undefined> {
    const [row] = await tx.query<StoredQuery>(
      `update expert_queries set status = $3, consensus = $4, agreement = $5, finished_at = $6
       where tenant_id = $1 and id = $2 and status = 'running' returning ${columns}`,
      [tenantId, id, end.status, end.consensus, end.agreement, now],
    );
    return row;
  }
}
