import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import { LiveStreams } from '../live/live-streams.js';
import { carriedColumns } from '../messages/messages.repository.js';
import { wholeTreeMs, type Session } from '../sessions/session.js';
import { sessionColumns, type SessionKey } from '../sessions/sessions.repository.js';
import { carriedSummaryColumns } from '../summaries/summaries.repository.js';

/**
 * From a message up to the first one that is in the conversation, which is the last of `branch`. What lies before that
 * is the conversation itself, so no walk is longer than what was left behind.
 */
const branch = `branch as (
    select id, parent_id, position, bytes, 0 as depth from messages where tenant_id = $1 and session_id = $2 and id = $3
    union all
    select m.id, m.parent_id, m.position, m.bytes, depth + 1 from branch b
      join messages m on m.id = b.parent_id and m.tenant_id = $1 and m.session_id = $2 where b.position is null)`;

/** The new positions are behind all that were given before, so that nobody who pages loses a message. */
export const rewind = `with recursive ${branch},
  left_behind as (
    update messages set position = null where tenant_id = $1 and session_id = $2
      and position > coalesce((select max(position) from branch), -1) returning bytes),
  places as (
    select id, $4 + row_number() over (order by depth desc) - 1 as place from branch where position is null),
  taken_up as (
    update messages m set position = place from places p where m.tenant_id = $1 and m.id = p.id returning m.bytes)
  select (select coalesce(sum(bytes), 0)::int from left_behind) as "leftBytes",
    (select coalesce(sum(bytes), 0)::int from taken_up) as "takenBytes", (select count(*)::int from taken_up) as taken
  where exists (select from branch)`;

/** As {@link rewind}, to before the first message. */
const leaveAll = `with left_behind as (
    update messages set position = null where tenant_id = $1 and session_id = $2 and position is not null returning bytes)
  select coalesce(sum(bytes), 0)::int as "leftBytes", 0 as "takenBytes", 0 as taken from left_behind`;

/** What becomes of the id of a message in a copy; whoever names it knows that without looking for it. A UUID of version 8. */
const copied = (id: string) =>
  `overlay(overlay(md5($4::uuid::text || ${id}) placing '8' from 13) placing '8' from 17)::uuid`;

/** What an answer was not given, told by the ids of the copies. */
const contextOfCopy = `coalesce(jsonb_set(context::jsonb, '{from_message_id}',
      to_jsonb(${copied(`(context ->> 'from_message_id')`)})), context::jsonb)::json`;

/** Without a join of the copies with each other, for which the largest tree is too large. */
export const copy = `with recursive ${branch},
  path as (
    select id, position as place, 0 as depth from messages where tenant_id = $1 and session_id = $2
      and position <= (select max(position) from branch)
    union all select id, position, depth from branch where position is null),
  copied as (
    insert into messages (tenant_id, session_id, id, parent_id, position, ${carriedColumns}, context)
    select $1, $4, ${copied('id')}, ${copied('parent_id')}, row_number() over (order by place, depth desc) - 1,
      ${carriedColumns}, ${contextOfCopy}
    from path join messages using (id) order by place, depth desc returning id, position, bytes),
  summarised as (
    insert into summaries (tenant_id, session_id, until_message_id, ${carriedSummaryColumns})
    select $1, $4, ${copied('id')}, ${carriedSummaryColumns} from path join summaries on until_message_id = id)
  select id as "headId", position + 1 as "nextPosition", (select sum(bytes)::int from copied) as bytes
  from copied order by position desc limit 1`;

/** Where a conversation stands, and what it began as a part of; nothing was said, so it stays as idle as it was. */
const settle = `update sessions s
  set head_id = $3, next_position = $4, bytes = $5, left_bytes = $6, forked_session_id = $7, forked_message_id = $8,
    updated_at = now()
  where tenant_id = $1 and id = $2 returning ${sessionColumns}`;

/** What messages brought along, all of which goes when a session is cleared. */
const contents = ['messages', 'turns', 'append_keys'];

type Standing = Pick<Session, 'headId' | 'nextPosition' | 'bytes'>;
/** Where it stands in its tree. */
type Moved = Standing & Pick<Session, 'leftBytes'>;

interface Rewound {
  readonly leftBytes: number;
  readonly takenBytes: number;
  readonly taken: number;
}

/** Moves, copies and clears branches of a session's tree. Who rewinds or clears holds the session's row. */
@Injectable()
export class BranchesRepository {
  constructor(private readonly live: LiveStreams) {}

  /** Where the conversation stands once it ends with the message; undefined where there is no such message. */
  async rewind(tx: Transaction, session: Session, messageId: string | null): Promise<Moved | undefined> {
    const { tenantId, id, nextPosition, bytes, leftBytes } = session;
    await tx.allow(wholeTreeMs);
    const [moved] =
      messageId === null
        ? await tx.query<Rewound>(leaveAll, [tenantId, id])
        : await tx.query<Rewound>(rewind, [tenantId, id, messageId, nextPosition]);
    return (
      moved && {
        headId: messageId,
        nextPosition: nextPosition + moved.taken,
        bytes: bytes - moved.leftBytes + moved.takenBytes,
        leftBytes: leftBytes + moved.leftBytes - moved.takenBytes,
      }
    );
  }

  /** Copies the path to a message into a session that is empty; undefined where there is no such message. */
  async copy(tx: Transaction, from: SessionKey, messageId: string, to: string): Promise<Standing | undefined> {
    await tx.allow(wholeTreeMs);
    const [copied] = await tx.query<Standing>(copy, [from.tenantId, from.id, messageId, to]);
    return copied;
  }

  /** Deletes every message, and what came with them; answers whether there was anything. */
  async clear(tx: Transaction, { tenantId, id }: SessionKey): Promise<boolean> {
    this.live.deleted(tx, { tenantId, sessionId: id });
    await tx.allow(wholeTreeMs);
    const gone = await Promise.all(
      contents.map((table) =>
        tx.query(`delete from ${table} where tenant_id = $1 and session_id = $2 returning 1`, [tenantId, id]),
      ),
    );
    return gone.some((rows) => rows.length > 0);
  }

  async settle(tx: Transaction, session: Session): Promise<Session | undefined> {
    const { tenantId, id, headId, nextPosition, bytes, leftBytes, forkedSessionId, forkedMessageId } = session;
    const standing = [headId, nextPosition, bytes, leftBytes, forkedSessionId, forkedMessageId];
    const [settled] = await tx.query<Session>(settle, [tenantId, id, ...standing]);
    return settled;
  }
}
