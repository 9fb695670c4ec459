import { Injectable } from '@nestjs/common';
import { maxListEntries, messageAppended, type Block } from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import type { Transaction } from '@parley/persistence';
import { v7 as uuidv7 } from 'uuid';
import { extend, type Session } from '../sessions/session.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { SummariesRepository } from '../summaries/summaries.repository.js';
import type { Summary } from '../summaries/summary.js';
import type { Turn } from '../turns/turn.js';
import { bytesOf, toAppended, type NewMessage, type StoredMessage } from './message.js';
import { MessagesRepository } from './messages.repository.js';

/** What has come of an answer. */
export interface AnswerSoFar extends Pick<
  NewMessage,
  'status' | 'model' | 'tokens' | 'costUsd' | 'durationMs' | 'stop' | 'context'
> {
  readonly content: readonly Block[];
}

type Answering = Pick<Turn, 'id' | 'answerId'>;

/** The session as it is to be moved to, and the message that holds the answer. */
interface Kept<AnswerId> {
  readonly session: Session;
  readonly answerId: AnswerId;
}

/** Writes the conversation of a session, whose row the caller holds. */
@Injectable()
export class Conversations {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
    private readonly summaries: SummariesRepository,
    private readonly outbox: Outbox,
  ) {}

  read(tx: Transaction, session: Session): Promise<StoredMessage[]> {
    return this.messages.conversation(tx, session);
  }

  /** What stands for the beginning of it, where anything does. */
  summary(tx: Transaction, session: Session): Promise<Summary | undefined> {
    return this.summaries.newest(tx, session);
  }

  /** Adds what a caller said, and tells of it. */
  async append(tx: Transaction, session: Session, messages: readonly NewMessage[]): Promise<void> {
    const extended = extend(session, messages);
    await Promise.all([
      this.messages.add(tx, extended.placed),
      this.sessions.move(tx, extended.session),
      this.announce(tx, session, messages),
    ]);
  }

  /** Stores the answer of a turn in place of the part that is there. Telling of it, and moving the session, is left to do. */
  async answer(
    tx: Transaction,
    session: Session,
    turn: Answering,
    { content, ...rest }: AnswerSoFar,
  ): Promise<Kept<string>> {
    const body = { content: [...content] };
    const answer = { ...rest, turnId: turn.id, role: 'assistant' as const, body, bytes: bytesOf(body) };
    if (turn.answerId !== null) {
      const before = await this.messages.rewrite(tx, session.tenantId, { ...answer, id: turn.answerId });
      return { session: { ...session, bytes: session.bytes - before + answer.bytes }, answerId: turn.answerId };
    }
    const id = uuidv7();
    const extended = extend(session, [{ ...answer, id, createdAt: new Date() }]);
    await this.messages.add(tx, extended.placed);
    return { session: extended.session, answerId: id };
  }

  /** As {@link answer}, for an answer that breaks off here unless more comes; nothing takes the place of nothing. */
  async keepPart(
    tx: Transaction,
    session: Session,
    turn: Answering,
    part: Omit<AnswerSoFar, 'status' | 'stop'>,
  ): Promise<Kept<string | null>> {
    if (part.content.length === 0) return { session, answerId: turn.answerId };
    return this.answer(tx, session, turn, { ...part, status: 'interrupted', stop: null });
  }

  /** Takes what a turn said out of the conversation, which then ends where it ended before. */
  async leaveBehind(tx: Transaction, session: Session, turn: Pick<Turn, 'id' | 'baseId'>) {
    const left = await this.messages.leaveBehind(tx, session, turn.id);
    return { ...session, bytes: session.bytes - left, leftBytes: session.leftBytes + left, headId: turn.baseId };
  }

  async announce(
    tx: Transaction,
    session: Session,
    messages: readonly Pick<NewMessage, 'id' | 'turnId' | 'role'>[],
  ): Promise<void> {
    const entries = messages.map((message) => toAppended(session.id, message));
    for (let from = 0; from < entries.length; from += maxListEntries)
      await this.outbox.add(tx, messageAppended, session.tenantId, {
        messages: entries.slice(from, from + maxListEntries),
      });
  }
}
