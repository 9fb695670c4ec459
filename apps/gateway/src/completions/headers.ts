import type { CompletionRequest } from '@parley/contracts';
import type { FastifyReply } from 'fastify';

/** Names the session that a completion goes on with; it then carries the new messages alone. */
export const sessionHeader = 'x-parley-session';

/** Names the fields of a request that the provider cannot carry and that do no harm by being left out. */
export const droppedHeader = 'x-parley-dropped';

/** Says which fields the dialect and the provider left out, unless the headers are gone already. */
export function nameDropped(reply: FastifyReply, asked: CompletionRequest, byProvider: readonly string[]): void {
  const dropped = [...(asked.dropped ?? []), ...byProvider];
  if (dropped.length > 0) void reply.header(droppedHeader, dropped.join(', '));
}
