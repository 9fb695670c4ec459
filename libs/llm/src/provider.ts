import type { Completion, CompletionRequest, StreamBatch, VendorName } from '@parley/contracts';

/** A model as its provider lists it. */
export interface Model {
  readonly id: string;
  readonly displayName: string;
  readonly createdAt: Date;
  readonly ownedBy: string;
  /** Tokens; undefined where the provider does not say. */
  readonly maxInputTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  /** The provider’s own description, for callers of its dialect. */
  readonly native?: { readonly vendor: VendorName; readonly value: Readonly<Record<string, unknown>> };
}

export interface CallContext {
  /** Aborts the call, also in the middle of a stream. */
  readonly signal: AbortSignal;
}

/**
 * One source of models. A provider joins by implementing this in one file and being named in `providersFrom`.
 * Every failure is an AppError `provider.*`, `model.*` or `request.*`; nothing is retried here.
 */
export interface ModelProvider {
  /** Lower case, no slash: callers may write `name/model`. */
  readonly name: string;
  /** Models that it serves although it may not list them, so that they work while the list cannot be read. */
  readonly knownModels?: RegExp;
  complete(request: CompletionRequest, context: CallContext): Promise<Completion>;
  /** Begins when it is first read; stops the call when it is left. One batch per chunk that arrived. */
  stream(request: CompletionRequest, context: CallContext): AsyncIterable<StreamBatch>;
  /** Tokens of the request’s input, by the provider’s own count; absent where it has no route for that. */
  countTokens?(request: CompletionRequest, context: CallContext): Promise<number>;
  listModels(signal: AbortSignal): Promise<Model[]>;
  close(): Promise<void>;
}
