import type { CompletionRequest, ContextCut } from '@parley/contracts';
import type { Server } from '@parley/llm';

/** Names the session that a completion goes on with; it then carries the new messages alone. */
export const sessionHeader = 'x-parley-session';

/** Names the turn of a session that an answer is, by which it can be stopped. */
export const turnHeader = 'x-parley-turn';

/** Names the fields of a request that the provider cannot carry and that do no harm by being left out. */
export const droppedHeader = 'x-parley-dropped';

/** Asks for a second provider after so many milliseconds without an answer; the first to begin is taken. */
export const hedgeHeader = 'x-parley-hedge-after-ms';

/** Name who answered, and count the calls that were made to providers for it. */
export const providerHeader = 'x-parley-provider';
export const modelHeader = 'x-parley-model';
export const attemptsHeader = 'x-parley-attempts';

/** Says how many messages of its session an answer was not given, and who wrote the summary of them where there is one. */
export const contextHeader = 'x-parley-context';

/** Takes the headers of an answer. */
interface Headed {
  header(name: string, value: string | number): unknown;
}

export function nameServer(answer: Headed, { provider, model, attempts }: Server): void {
  answer.header(providerHeader, provider);
  answer.header(modelHeader, model);
  answer.header(attemptsHeader, attempts);
}

export const nameTurn = (answer: Headed, turnId: string): void => void answer.header(turnHeader, turnId);

export function nameCut(answer: Headed, cut: ContextCut): void {
  const model = cut.kind === 'summarised' ? `; model=${cut.model}` : '';
  answer.header(contextHeader, `${cut.kind}=${cut.messages}${model}`);
}

/** Says which fields were left out: by the dialect, and where it is known already by the provider. */
export function nameDropped(answer: Headed, asked: CompletionRequest, byProvider: readonly string[] = []): void {
  const dropped = [...(asked.dropped ?? []), ...byProvider];
  if (dropped.length > 0) answer.header(droppedHeader, dropped.join(', '));
}
