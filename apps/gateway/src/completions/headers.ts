import type { CompletionRequest } from '@parley/contracts';
import type { Server } from '@parley/llm';
import type { FastifyReply } from 'fastify';

/** Names the session that a completion goes on with; it then carries the new messages alone. */
export const sessionHeader = 'x-parley-session';

/** Names the fields of a request that the provider cannot carry and that do no harm by being left out. */
export const droppedHeader = 'x-parley-dropped';

/** Asks for a second provider after so many milliseconds without an answer; the first to begin is taken. */
export const hedgeHeader = 'x-parley-hedge-after-ms';

/** Name who answered, and count the calls that were made to providers for it. */
export const providerHeader = 'x-parley-provider';
export const modelHeader = 'x-parley-model';
export const attemptsHeader = 'x-parley-attempts';

export function nameServer(reply: FastifyReply, { provider, model, attempts }: Server): void {
  void reply.header(providerHeader, provider).header(modelHeader, model).header(attemptsHeader, attempts);
}

/** Says which fields the dialect and the provider left out, unless the headers are gone already. */
export function nameDropped(reply: FastifyReply, asked: CompletionRequest, byProvider: readonly string[]): void {
  const dropped = [...(asked.dropped ?? []), ...byProvider];
  if (dropped.length > 0) void reply.header(droppedHeader, dropped.join(', '));
}
