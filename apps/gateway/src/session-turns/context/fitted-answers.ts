import { Injectable } from '@nestjs/common';
import {
  AppError,
  summaryMessage,
  type ContextCut,
  type ContextPolicy,
  type ContextWindow,
  type Message,
} from '@parley/contracts';
import { estimateInput } from '@parley/llm';
import type { Answer, Ask, PricedCompletion } from '../../completions/answering.js';
import { ModelsAndCircle } from '../../completions/models-and-circle.js';
import { ContextWindows } from './context-windows.js';
import { fit, type Summarise } from './fit.js';
import { piecesOf, type Piece } from './pieces.js';
import { failed, Summaries, type Summary } from './summaries.js';

/** The turn of a session that is to be answered. */
export interface Turn {
  /** Keeps a summary for the turns that follow. */
  keepSummary(summary: Summary): Promise<unknown>;
  /** What its end is to tell. */
  cut: ContextCut | undefined;
}

/** A question with a session's conversation before it. */
export interface TurnAsk extends Ask {
  readonly turn: Turn;
  /** Undefined where sessions leaves the window to the provider. */
  readonly window: ContextWindow | undefined;
}

/** Answers with as much of a conversation as its model's window holds, and says what that leaves out. */
@Injectable()
export class FittedAnswers {
  constructor(
    private readonly answering: ModelsAndCircle,
    private readonly windows: ContextWindows,
    private readonly summaries: Summaries,
  ) {}

  /** @throws AppError session.context_exceeded, session.summary_failed, and what the summary's model does. */
  async complete(ask: TurnAsk): Promise<PricedCompletion> {
    return this.answering.complete(await this.fitted(ask));
  }

  /** As {@link complete}, until the answer has begun. */
  async stream(ask: TurnAsk): Promise<Answer> {
    return this.answering.stream(await this.fitted(ask));
  }

  private async fitted({ turn, window, ...ask }: TurnAsk): Promise<Ask> {
    const limit = window && (await this.limitOf(ask, window.policy));
    if (!window || limit === undefined) return given(ask, turn, window?.cut);
    const pieces = piecesOf(ask.request.messages, window.parts);
    const found = fit(pieces, window.policy, { limit, besides: besides(ask) });
    switch (found.kind) {
      case 'whole':
        return given(ask, turn, window.cut);
      case 'exceeded':
        throw exceeded(found.tokens, limit);
      case 'drop':
        return given(
          ask,
          turn,
          { kind: 'dropped', messages: found.left.length, ...begins(found.kept) },
          messagesOf(found.kept),
        );
      case 'summarise':
        return this.summarised({ turn, window, ...ask }, found);
    }
  }

  /** What was summarised before is in the new summary, so that it stands for both. */
  private async summarised({ turn, window, ...ask }: TurnAsk, { old, instructions, recent, ...found }: Summarise) {
    const before = window?.cut?.messages ?? 0;
    let last: Summary | undefined;
    for await (const summary of this.summaries.make(ask, { ...found, old, before })) {
      await turn.keepSummary(summary);
      last = summary;
    }
    if (!last) throw failed('There was nothing to summarise');
    const cut = { kind: 'summarised' as const, messages: last.messages, model: last.model, ...begins(recent) };
    return given(ask, turn, cut, [...messagesOf(instructions), summaryMessage(last.text), ...messagesOf(recent)]);
  }

  private async limitOf({ caller, request }: Ask, { max_tokens }: ContextPolicy): Promise<number | undefined> {
    if (max_tokens !== undefined) return max_tokens;
    const window = await this.windows.of(caller, request.model);
    const left = (window ?? 0) - (request.max_tokens ?? 0);
    // An answer that was asked to be as long as the window is the provider's to judge.
    return left > 0 ? left : undefined;
  }
}

const besides = ({ request: { tools } }: Ask): number => estimateInput({ messages: [], tools });

const messagesOf = (pieces: readonly Piece[]): Message[] => pieces.map(({ message }) => message);

const begins = (pieces: readonly Piece[]): Pick<ContextCut, 'from_message_id'> => ({
  from_message_id: pieces.find(({ kind }) => kind === 'history' || kind === 'input')?.message_id ?? null,
});

/** The question as it is to be asked; whoever asked, and whoever reads the session, is told of what is left out. */
function given(ask: Ask, turn: Turn, cut?: ContextCut, messages = ask.request.messages): Ask {
  if (cut) {
    turn.cut = cut;
    ask.onCut?.(cut);
  }
  return { ...ask, request: { ...ask.request, messages } };
}

const exceeded = (tokens: number, limit: number): AppError =>
  new AppError('session.context_exceeded', {
    detail: `What the model has to be given is estimated at ${tokens} tokens, and ${limit} fit`,
  });
