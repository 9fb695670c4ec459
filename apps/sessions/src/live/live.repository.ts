import { Injectable } from '@nestjs/common';
import { noTokens, type Block, type Interruption, type Stop, type TokenCounts } from '@parley/contracts';
import { Database } from '@parley/persistence';
import type { SessionKey } from '../sessions/sessions.repository.js';
import type { Ending, LiveTurn } from './answer-view.js';
import type { StoredAnswer } from './live-answer.js';

/** Which turn is a session's newest. */
export interface NewestTurn {
  /** Null where the session has none. */
  readonly id: string | null;
  /** Another one whenever the turn, or its answer, is not what it was. */
  readonly version: string;
}

/** A turn as it is stored. */
export interface StoredTurn {
  readonly turn: LiveTurn;
  readonly answer: StoredAnswer;
  /** Undefined while it is open. */
  readonly ending: Ending | undefined;
}

interface Row extends LiveTurn {
  readonly status: 'open' | 'completed' | 'interrupted';
  readonly reason: Interruption | null;
  readonly body: { readonly content: readonly Block[] } | null;
  readonly answerModel: string | null;
  readonly tokens: TokenCounts | null;
  readonly stop: Stop | null;
}

const columns = `t.id, t.session_id as "sessionId", t.model, t.opened_at as "openedAt", t.status, t.reason,
  m.body, m.model as "answerModel", m.tokens, m.stop`;

const answers = 'left join messages m on m.id = t.answer_id and m.tenant_id = t.tenant_id';

/**
 * A session's turns have an order, since there is one at a time. Asked again and again, so without the answer: whatever is
 * written to its row gives that another xmin.
 */
export const newestTurn = `select t.id, concat_ws(' ', t.id, t.status, m.xmin) as version from sessions s
  left join lateral (select * from turns where tenant_id = s.tenant_id and session_id = s.id
    order by opened_at desc, id desc limit 1) t on true
  ${answers} where s.tenant_id = $1 and s.id = $2`;
export const oneTurn = `select ${columns} from turns t ${answers}
  where t.tenant_id = $1 and t.session_id = $2 and t.id = $3`;
export const nextTurn = `select ${columns} from turns t ${answers}
  where t.tenant_id = $1 and t.session_id = $2
    and (t.opened_at, t.id) > (select opened_at, id from turns where tenant_id = $1 and session_id = $2 and id = $3)
  order by t.opened_at, t.id limit 1`;

/** Turns with their answers, for those who read along. */
@Injectable()
export class LiveRepository {
  constructor(private readonly database: Database) {}

  /** Undefined where there is no such session. */
  async newest(key: SessionKey): Promise<NewestTurn | undefined> {
    const [row] = await this.rows<NewestTurn>(newestTurn, key);
    return row;
  }

  async find(key: SessionKey, turnId: string): Promise<StoredTurn | undefined> {
    const [row] = await this.rows<Row>(oneTurn, key, turnId);
    return row && toStored(row);
  }

  /** The turn that follows this one. */
  async next(key: SessionKey, turnId: string): Promise<StoredTurn | undefined> {
    const [row] = await this.rows<Row>(nextTurn, key, turnId);
    return row && toStored(row);
  }

  private rows<T>(sql: string, { tenantId, id }: SessionKey, ...params: readonly string[]): Promise<T[]> {
    return this.database.inTenant(tenantId, (tx) => tx.query<T>(sql, [tenantId, id, ...params]));
  }
}

const toStored = (row: Row): StoredTurn => ({
  turn: { id: row.id, sessionId: row.sessionId, model: row.model, openedAt: row.openedAt },
  answer: { model: row.answerModel, blocks: row.body?.content ?? [] },
  ending: endingOf(row),
});

function endingOf({ status, reason, stop, tokens }: Row): Ending | undefined {
  if (status === 'open') return undefined;
  if (status === 'interrupted')
    return { kind: 'broken', code: reason === 'cancelled' ? 'turn.stopped' : 'turn.interrupted' };
  return { kind: 'whole', stop: stop ?? { reason: 'end' }, tokens: tokens ?? noTokens };
}
