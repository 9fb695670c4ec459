import { Injectable } from '@nestjs/common';
import {
  AppError,
  askedInHeader,
  askExperts,
  circleModel,
  idempotencyKeyHeader,
  noTokens,
  type Choice,
  type Completion,
  type ExpertQuery,
  type StreamBatch,
  type TokenCounts,
} from '@parley/contracts';
import { ServiceClient } from '@parley/service-client';
import { Clock } from '@parley/service-kit';
import type { Answer, Answering, Ask } from '../completions/answering.js';
import { questionOf } from './question.js';

/** Longer than experts waits for the slowest of them. */
const timeoutMs = 600_000;

/**
 * The circle of experts, asked as a model. What its experts use is on record as their own calls, each with the query's
 * id; the answer around them costs nothing and has no record.
 */
@Injectable()
export class CircleService implements Answering {
  constructor(
    private readonly client: ServiceClient,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError circle.nested for an expert that asks, circle.failed, model.unsupported_parameter. */
  async complete(ask: Ask): Promise<Completion> {
    if (ask.purpose?.expert_query_id !== undefined) throw new AppError('circle.nested');
    const { question, dropped } = questionOf(ask.request);
    const { token, signal } = ask;
    const query = await this.client.call(askExperts, {
      body: { question },
      token,
      signal,
      timeoutMs,
      headers: headersOf(ask),
    });
    const choice = answerOf(query);
    ask.onServed?.({ provider: 'parley', model: circleModel, attempts: 1 });
    return {
      id: query.id,
      model: circleModel,
      created: Math.floor(this.clock.now() / 1_000),
      choices: [choice],
      tokens: tokensOf(query),
      estimated: false,
      dropped: [...dropped],
    };
  }

  /** The experts have all answered before there is a consensus to send. */
  async stream(ask: Ask): Promise<Answer> {
    const completion = await this.complete(ask);
    return { dropped: completion.dropped, stream: streamed(completion) };
  }
}

/** So that a repeat pays nobody twice, and that the experts' calls are accounted for where the question was asked. */
function headersOf({ idempotencyKey, purpose }: Ask): Record<string, string> {
  const askedIn = [purpose?.session_id, purpose?.project_id].filter((id) => id !== undefined).join('/');
  return {
    ...(idempotencyKey !== undefined && { [idempotencyKeyHeader]: idempotencyKey }),
    ...(askedIn !== '' && { [askedInHeader]: askedIn }),
  };
}

/** Experts who all decline give no consensus. @throws AppError for a repeat whose query has no answer, or none yet. */
function answerOf({ id, status, consensus }: ExpertQuery): Choice {
  if (status === 'running') throw new AppError('service.unavailable', { detail: `The query ${id} is still running` });
  if (status !== 'answered') throw new AppError('circle.failed', { detail: `The query ${id} was ${status}` });
  if (consensus !== null) return { content: [{ type: 'text', text: consensus }], stop: { reason: 'end' } };
  return { content: [{ type: 'refusal', text: 'No expert would answer' }], stop: { reason: 'refusal' } };
}

function tokensOf({ answers }: ExpertQuery): TokenCounts {
  const sum = { ...noTokens };
  const classes = Object.keys(sum) as (keyof TokenCounts)[];
  for (const { tokens } of answers) for (const name of classes) sum[name] += tokens?.[name] ?? 0;
  return sum;
}

async function* streamed({ id, model, created, dropped, choices, tokens }: Completion): AsyncGenerator<StreamBatch> {
  const [{ content, stop }] = choices;
  yield [
    { type: 'start', id, model, created, dropped },
    ...content.flatMap((block, index) => [
      { type: 'block_start' as const, index, block: block.type === 'text' ? { ...block, text: '' } : block },
      ...(block.type === 'text'
        ? [{ type: 'delta' as const, index, delta: { type: 'text' as const, text: block.text } }]
        : []),
      { type: 'block_end' as const, index },
    ]),
    { type: 'stop', stop },
    { type: 'end', tokens },
  ];
}
