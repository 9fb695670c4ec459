import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import type { SessionKey } from '../sessions/sessions.repository.js';
import type { NewSummary, Summary } from './summary.js';

/** What a copy of a summary has of it. */
export const carriedSummaryColumns = 'text, messages, model, tokens, cost_usd, created_at';

/** For a test of its plan at size, too. */
export const newest = {
  name: 'summary_newest',
  text: `select s.until_message_id as "untilMessageId", s.text, s.messages, s.model, s.tokens, s.cost_usd as "costUsd",
      s.created_at as "createdAt"
    from summaries s join messages m on m.id = s.until_message_id
    where s.tenant_id = $1 and s.session_id = $2 and m.position is not null
    order by m.position desc limit 1`,
};

const keep = `insert into summaries (tenant_id, session_id, until_message_id, text, messages, model, tokens, cost_usd)
  select tenant_id, session_id, id, $5, $6, $7, $8, $9 from messages
    where tenant_id = $1 and session_id = $2 and id = $3 and position is not null and turn_id is distinct from $4
  on conflict (until_message_id) do update set text = excluded.text, messages = excluded.messages,
    model = excluded.model, tokens = excluded.tokens, cost_usd = excluded.cost_usd, created_at = now()
  returning until_message_id`;

@Injectable()
export class SummariesRepository {
  /** The one that stands for most of the conversation. One of a message on another branch does not count. */
  async newest(tx: Transaction, { tenantId, id }: SessionKey): Promise<Summary | undefined> {
    const [row] = await tx.query<Summary>(newest, [tenantId, id]);
    return row;
  }

  /** In place of one of the same message. False where the message is not one of the conversation before the turn. */
  async keep(tx: Transaction, { tenantId, id }: SessionKey, turnId: string, summary: NewSummary): Promise<boolean> {
    const { untilMessageId, text, messages, model, tokens, costUsd } = summary;
    const told = [text, messages, model, JSON.stringify(tokens), costUsd];
    const rows = await tx.query(keep, [tenantId, id, untilMessageId, turnId, ...told]);
    return rows.length > 0;
  }
}
