import type { Completion, CompletionRequest, StreamBatch, VendorName } from '@parley/contracts';
import type { ModelFacts } from './capabilities/facts.js';
import type { EmbeddingRequest, Embeddings } from './embeddings/embedding.js';

/** A model as its provider lists it. */
export interface Model {
  readonly id: string;
  readonly displayName: string;
  readonly createdAt: Date;
  readonly ownedBy: string;
  /** What its provider’s list says that it can do. */
  readonly facts?: ModelFacts;
  /** What the operator says that it can do, which counts for more. */
  readonly configured?: ModelFacts;
  /** The provider’s own description, for callers of its dialect. */
  readonly native?: { readonly vendor: VendorName; readonly value: Readonly<Record<string, unknown>> };
}

export interface CallContext {
  /** Aborts the call, also in the middle of a stream. */
  readonly signal: AbortSignal;
}

/** How many calls one credential of a provider takes at once, and how many may wait. */
export interface ProviderPlaces {
  readonly maxConcurrent?: number | undefined;
  readonly maxQueued?: number | undefined;
}

/**
 * One source of models, asked with one credential. A provider joins by implementing this in one file and being named in
 * `providersFrom`; one that has several credentials is there once for each, under the same name.
 * Every failure is an AppError `provider.*`, `model.*` or `request.*`; nothing is retried here.
 */
export interface ModelProvider {
  /** Lower case, no slash: callers may write `name/model`. */
  readonly name: string;
  /** Which of the provider’s credentials it asks with, counted from `1`; never the secret itself. */
  readonly credential: string;
  /** Where the operator bounds it otherwise than all. */
  readonly places?: ProviderPlaces;
  /** How long it may take to the first byte of an answer. */
  readonly firstByteTimeoutMs: number;
  /** Models that it serves although it may not list them, so that they work while the list cannot be read. */
  readonly knownModels?: RegExp;
  complete(request: CompletionRequest, context: CallContext): Promise<Completion>;
  /** Begins when it is first read; stops the call when it is left. One batch per chunk that arrived. */
  stream(request: CompletionRequest, context: CallContext): AsyncIterable<StreamBatch>;
  /** Tokens of the request’s input, by the provider’s own count; absent where it has no route for that. */
  countTokens?(request: CompletionRequest, context: CallContext): Promise<number>;
  /** Vectors of texts; absent where it has no route for that. */
  embed?(request: EmbeddingRequest, context: CallContext): Promise<Embeddings>;
  listModels(signal: AbortSignal): Promise<Model[]>;
  close(): Promise<void>;
}

/** The provider and, from the second on, its credential, for the log and for breakers: `openai`, `openai#2`. */
export const labelOf = (name: string, credential: string): string =>
  credential === '1' ? name : `${name}#${credential}`;
