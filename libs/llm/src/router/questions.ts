import { AppError, noTokens, type Completion, type CompletionRequest, type TokenCounts } from '@parley/contracts';
import type { EmbeddingRequest, Embeddings } from '../embeddings/embedding.js';
import { estimateTokens, tokensOfLength } from '../estimate.js';
import { StreamTally } from '../stream-tally.js';
import { beginningOf } from './affinity.js';
import type { HeldStream } from './held-stream.js';
import type { Lane, Outcome, Turn } from './lane.js';
import type { Planned } from './plan.js';

/** What was used, as the provider counted it or as it is estimated. */
export interface Used {
  readonly tokens: TokenCounts;
  readonly estimated: boolean;
}

/** One kind of question to a model, as the router asks it. */
export interface ModelQuestion<T> extends Planned {
  ask(lane: Lane, turn: Turn): Promise<Outcome<T>>;
  /** Where not every plan will do. @throws AppError */
  demandFit?(plan: readonly Lane[]): void;
  /** What a provider has used that broke off its answer or was left. */
  begun(): Used;
  /** What an answer has used that came too late; it is done with here. */
  late(value: T): Used;
}

/** What a provider gave no count of is estimated. */
export const counted = (request: CompletionRequest, completion: Completion): Completion =>
  completion.estimated ? { ...completion, tokens: estimateTokens(request, completion) } : completion;

const asked = (request: CompletionRequest) => ({
  model: request.model,
  beginning: () => beginningOf(request),
  begun: () => usedBy(new StreamTally(request)),
});

const usedBy = ({ tokens, estimated }: Used): Used => ({ tokens, estimated });
const nothing: Used = { tokens: noTokens, estimated: false };

export const completionQuestion = (request: CompletionRequest): ModelQuestion<Completion> => ({
  ...asked(request),
  kind: 'plain',
  ask: (lane, turn) =>
    lane.whole(turn, (provider) => provider.complete({ ...request, model: lane.model }, { signal: turn.signal })),
  late: (completion) => usedBy(counted(request, completion)),
});

export const streamQuestion = (request: CompletionRequest): ModelQuestion<HeldStream> => ({
  ...asked(request),
  kind: 'stream',
  ask: (lane, turn) =>
    lane.stream(turn, (provider) => provider.stream({ ...request, model: lane.model }, { signal: turn.signal })),
  late: (stream) => {
    const tally = new StreamTally(request);
    tally.add(stream.first);
    // Its signal has been aborted: nobody waits for how that ends.
    stream.return().catch(() => undefined);
    return usedBy(tally);
  },
});

/** A provider that counts nothing is no answer: an estimate is no count. Counting is free. */
export const countQuestion = (request: CompletionRequest): ModelQuestion<number> => ({
  ...asked(request),
  kind: 'plain',
  ask: (lane, turn) =>
    lane.whole(turn, async (provider) => {
      const count = provider.countTokens?.({ ...request, model: lane.model }, { signal: turn.signal });
      if (count) return count;
      throw new AppError('model.cannot_count', { detail: `The provider of "${request.model}" counts no tokens` });
    }),
  begun: () => nothing,
  late: () => nothing,
});

export const embeddingQuestion = (request: EmbeddingRequest): ModelQuestion<Embeddings> => ({
  model: request.model,
  kind: 'plain',
  ask: (lane, turn) =>
    lane.whole(turn, async (provider) => {
      const embeddings = provider.embed?.({ ...request, model: lane.model }, { signal: turn.signal });
      if (embeddings) return embeddings;
      throw new AppError('model.cannot_embed', { detail: `The provider of "${request.model}" makes no embeddings` });
    }),
  demandFit: (plan) => {
    // Vectors of two models do not compare: whoever stored some of each would never find out why nothing is found.
    if (new Set(plan.map(({ model }) => model)).size === 1) return;
    throw new AppError('model.cannot_embed', { detail: `"${request.model}" is a route to different models` });
  },
  begun: () => ({
    tokens: { ...noTokens, input: tokensOfLength(JSON.stringify(request.input).length) },
    estimated: true,
  }),
  late: usedBy,
});
