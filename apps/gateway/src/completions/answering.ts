import type { StreamLease } from '@parley/limits';
import type { Server } from '@parley/llm';
import type {
  Completion,
  CompletionRequest,
  ContextCut,
  Identity,
  StreamBatch,
  TokenCounts,
  TurnUsage,
  UsageRecord,
  VendorName,
} from '@parley/contracts';

/** A question as it came in, in whichever dialect. */
export interface Ask {
  readonly caller: Identity;
  /** The caller’s own token, for what other services do on their behalf. */
  readonly token: string;
  readonly dialect: VendorName;
  readonly request: CompletionRequest;
  /** Repeats of one call have the same. */
  readonly idempotencyKey?: string | undefined;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** The stream's among those of its key, where they are limited: held until the answer has ended. */
  readonly lease?: StreamLease | undefined;
  /** After so long without an answer a second provider is asked, and the first to begin is taken. */
  readonly hedgeAfterMs?: number | undefined;
  /** Told who answers, before the answer is sent. */
  readonly onServed?: ((server: Server) => void) | undefined;
  /** Told what of a session's conversation is left out, before the answer is sent. */
  readonly onCut?: ((cut: ContextCut) => void) | undefined;
  /** Told the turn of a session that the answer is, before the answer is sent. */
  readonly onTurn?: ((turnId: string) => void) | undefined;
  /** Told what the answer took once that is on record, before its end is sent; also of one that broke off. */
  readonly onRecorded?: ((spent: Spent) => void) | undefined;
  /** What the call is made for, as its record says. */
  readonly purpose?: Pick<UsageRecord, 'session_id' | 'project_id' | 'expert_query_id'> | undefined;
  /** The id that the answer’s record is to have; of this answer alone, and not of what else is asked for its sake. */
  readonly recordId?: string | undefined;
}

/** What an answer used, and what that cost in US dollars where the price is known. */
export interface Spent {
  readonly tokens: TokenCounts;
  readonly cost?: string | undefined;
}

/** An answer that has begun. */
export interface Answer {
  /** Fields of the request that could not be carried and that do no harm by being left out. */
  readonly dropped: readonly string[];
  readonly stream: AsyncIterable<StreamBatch>;
  /** What it has used until now; absent where the answer as such has no record. */
  readonly used?: (() => TurnUsage) | undefined;
}

/** A whole answer, and what it cost in US dollars where that is known. */
export type PricedCompletion = Completion & { readonly cost?: string | undefined };

/** Something that answers questions: a model, or the circle of experts. */
export interface Answering {
  complete(ask: Ask): Promise<PricedCompletion>;
  /** Resolves when the answer has begun; until then every failure is thrown here. */
  stream(ask: Ask): Promise<Answer>;
}
