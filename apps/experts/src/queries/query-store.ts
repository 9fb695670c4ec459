import { Injectable } from '@nestjs/common';
import {
  AppError,
  expertQueryAnswered,
  type ExpertAnswer,
  type ExpertQuestion,
  type Identity,
} from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import { Database } from '@parley/persistence';
import { Clock, Log } from '@parley/service-kit';
import { v7 as uuid } from 'uuid';
import { QueriesRepository, type NewQuery } from './queries.repository.js';
import { hashOf, type Conclusion, type StoredQuery } from './query.js';

/** How long an idempotency key names its query. */
const keyMs = 24 * 3_600_000;

/** The life of a query in the database; every change is one transaction, with the event that tells of it. */
@Injectable()
export class QueryStore {
  constructor(
    private readonly database: Database,
    private readonly repository: QueriesRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** The query that the key names. @throws AppError idempotency_key.reused when that was another question. */
  async named(caller: Identity, question: ExpertQuestion, key: string): Promise<StoredQuery | undefined> {
    const { tenantId } = caller;
    const since = new Date(this.clock.now() - keyMs);
    const known = await this.database.inTenant(tenantId, (tx) => this.repository.findByKey(tx, tenantId, key));
    return known && known.createdAt >= since ? sameQuestion(known, question) : undefined;
  }

  /** Stores it as running; `fresh` is false where another request with the key was faster. @throws as `named` does. */
  begin(
    { tenantId, subject }: Identity,
    question: ExpertQuestion,
    { idempotencyKey: key, sessionId }: Pick<NewQuery, 'idempotencyKey' | 'sessionId'>,
  ): Promise<{ readonly query: StoredQuery; readonly fresh: boolean }> {
    const createdAt = new Date(this.clock.now());
    const query: StoredQuery = {
      id: uuid(),
      status: 'running',
      question: question.question,
      options: question.options ?? null,
      consensus: null,
      agreement: null,
      requestHash: hashOf(question),
      createdAt,
      finishedAt: null,
    };
    return this.database.inTenant(tenantId, async (tx) => {
      if (key !== undefined) {
        await this.repository.releaseKey(tx, tenantId, key, new Date(createdAt.getTime() - keyMs));
      }
      const fresh = await this.repository.begin(tx, {
        ...query,
        tenantId,
        askedBy: subject,
        idempotencyKey: key,
        sessionId,
      });
      if (fresh || key === undefined) return { query, fresh: true };
      const known = await this.repository.findByKey(tx, tenantId, key);
      if (!known) throw new AppError('service.unavailable', { internal: 'the query of a key went away' });
      return { query: sameQuestion(known, question), fresh: false };
    });
  }

  addAnswer({ tenantId }: Identity, id: string, position: number, answer: ExpertAnswer): Promise<void> {
    return this.database.inTenant(tenantId, (tx) => this.repository.addAnswer(tx, { tenantId, id }, position, answer));
  }

  /** @throws AppError service.unavailable when the query was interrupted meanwhile. */
  finish(caller: Identity, query: StoredQuery, conclusion: Conclusion, experts: number): Promise<StoredQuery> {
    const { tenantId, subject } = caller;
    const now = this.clock.now();
    return this.database.inTenant(tenantId, async (tx) => {
      const ended = await this.repository.finish(tx, { tenantId, id: query.id }, conclusion, new Date(now));
      if (!ended) throw new AppError('service.unavailable', { internal: 'the query was interrupted meanwhile' });
      if (conclusion.status === 'answered')
        await this.outbox.add(tx, expertQueryAnswered, tenantId, {
          query_id: query.id,
          asked_by: subject,
          experts,
          answered: conclusion.answered,
          agreement: conclusion.agreement,
          duration_ms: Math.max(0, Math.round(now - query.createdAt.getTime())),
        });
      return ended;
    });
  }

  /** Where that fails too, the lease runs out and the sweeper does it. */
  async interrupt({ tenantId }: Identity, id: string): Promise<void> {
    const end = { status: 'interrupted', consensus: null, agreement: null } as const;
    try {
      const now = new Date(this.clock.now());
      await this.database.inTenant(tenantId, (tx) => this.repository.finish(tx, { tenantId, id }, end, now));
    } catch (err) {
      this.log.warn({ err, query_id: id }, 'a query was left to its lease');
    }
  }
}

function sameQuestion(known: StoredQuery, question: ExpertQuestion): StoredQuery {
  if (known.requestHash !== hashOf(question)) throw new AppError('idempotency_key.reused');
  return known;
}
