import { Injectable } from '@nestjs/common';
import { AppError, noTokens, turnRecordId, type CompletionRequest, type StreamBatch } from '@parley/contracts';
import { AnswerDraft } from '@parley/dialects';
import { estimateInput } from '@parley/llm';
import { currentRequest, Log } from '@parley/service-kit';
import { validate as isUuid } from 'uuid';
import type { Answer, Answering, Ask, PricedCompletion, Spent } from '../completions/answering.js';
import { demandAllowed } from '../key-bounds/allowed-models.js';
import { FittedAnswers } from './context/fitted-answers.js';
import { LiveFeeds, type LiveFeed } from './live-feed.js';
import { OpenTurns } from './open-turns.js';
import { readOn } from './read-on.js';
import type { Progress, SessionTurn } from './session-turn.js';
import { TurnOpenings } from './turn-openings.js';

/** A session as a completion names it. */
export interface SessionReference {
  readonly id: string;
  /** False where the session's own model is to answer. */
  readonly namesModel: boolean;
}

/**
 * Answers within a session: the caller sends what is new, sessions gives what came before, and the answer is stored
 * there before it ends. A caller who leaves does not end the turn.
 */
@Injectable()
export class SessionTurns {
  constructor(
    private readonly answering: FittedAnswers,
    private readonly openings: TurnOpenings,
    private readonly turns: OpenTurns,
    private readonly feeds: LiveFeeds,
    private readonly log: Log,
  ) {}

  /** Answers within one session. @throws AppError session.not_found, session.busy, and what an answer outside of one does. */
  of(session: SessionReference): Answering {
    return { complete: (ask) => this.complete(session, ask), stream: (ask) => this.stream(session, ask) };
  }

  private async complete(session: SessionReference, asked: Ask): Promise<PricedCompletion> {
    let progress: Progress = { content: [] };
    const { turn, ask } = await this.begin(session, asked, () => progress);
    try {
      const completion = await this.answering.complete(ask);
      const [{ content, stop }] = completion.choices;
      progress = { content, model: completion.model };
      await turn.complete(stop, completion.tokens);
      return completion;
    } catch (error) {
      await turn.interrupt();
      throw error;
    }
  }

  /** What breaks off the answer is thrown while it is read, and the part that came is kept. */
  private async stream(session: SessionReference, asked: Ask): Promise<Answer> {
    const draft = new AnswerDraft();
    let used: Answer['used'];
    const progress = () => ({ content: draft.content, model: draft.model, usage: used?.() });
    const { turn, ask } = await this.begin(session, asked, progress);
    try {
      const answer = await this.answering.stream(ask);
      used = answer.used;
      const feed = this.feeds.of(ask.caller.tenantId, session.id, turn.id);
      const onLeft = (rest: Promise<void>) => {
        rest.catch((err: unknown) => this.log.warn({ err }, 'an answer broke off after its caller had left'));
      };
      const stream = readOn(stored({ turn, draft, feed }, answer.stream), onLeft, turn.signal);
      return { ...answer, stream };
    } catch (error) {
      await turn.interrupt();
      throw error;
    }
  }

  /** The turn, and the question with the whole conversation before it. */
  private async begin({ id, namesModel }: SessionReference, asked: Ask, progress: () => Progress) {
    if (!isUuid(id)) throw new AppError('session.not_found');
    const { model, messages, stream: streamed } = asked.request;
    // Before there is a turn that nobody answers; of the session's own model it is only known then.
    if (namesModel) demandAllowed(asked.caller, model);
    demandOneChoice(asked.request);
    const open = (turnId: string) =>
      this.openings.open(
        id,
        {
          turn_id: turnId,
          request_id: currentRequest()?.requestId ?? '',
          model: namesModel ? model : undefined,
          input: messages,
          asked: { dialect: asked.dialect, streamed, input_tokens: estimateInput(asked.request) },
        },
        asked,
      );
    const { turn, opened } = await this.turns.begin(open, progress);
    asked.onTurn?.(turn.id);
    const { project_id, context, window } = opened;
    const purpose = { ...asked.purpose, session_id: id, ...(project_id !== null && { project_id }) };
    const request = { ...asked.request, model: opened.model, messages: context };
    return {
      turn,
      ask: {
        ...{ ...asked, request, purpose, turn, window },
        recordId: turnRecordId(turn.id),
        signal: turn.signal,
        onRecorded: (spent: Spent) => (turn.spent = spent),
      },
    };
  }
}

function demandOneChoice({ vendor }: CompletionRequest): void {
  if (Number(vendor?.openai?.['n'] ?? 1) > 1)
    throw new AppError('request.invalid', { fields: [{ path: 'n', message: 'must be 1 in a session' }] });
}

interface Storing {
  readonly turn: SessionTurn;
  readonly draft: AnswerDraft;
  readonly feed: LiveFeed;
}

/** The batch that ends the answer comes once the answer is stored; readers of the session have it before. */
async function* stored(
  { turn, draft, feed }: Storing,
  stream: AsyncIterable<StreamBatch>,
): AsyncGenerator<StreamBatch, void, void> {
  try {
    for await (const batch of stream) {
      draft.add(batch);
      feed.add(batch);
      if (draft.ended) await turn.complete(draft.stop, draft.tokens ?? noTokens);
      yield batch;
    }
  } catch (error) {
    await turn.interrupt();
    if (turn.gone) await feed.forget();
    throw error;
  }
}
