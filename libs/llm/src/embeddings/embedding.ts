import type { TokenCounts } from '@parley/contracts';

/** Texts, or texts as the model's own tokens, to be made into vectors. */
export interface EmbeddingRequest {
  readonly model: string;
  /** At least one. */
  readonly input: readonly string[] | readonly (readonly number[])[];
  /** How many numbers a vector is to have; the model's own number if absent. */
  readonly dimensions?: number | undefined;
  readonly format: VectorFormat;
  /** The caller's own end user, for the provider's abuse detection. */
  readonly user?: string | undefined;
}

/** Numbers as JSON writes them, or 32-bit floats, least significant byte first, as base64. */
export type VectorFormat = 'float' | 'base64';
export type Vector = string | readonly number[];

/** A vector for each input, in their order and in the format that was asked for. */
export interface Embeddings {
  /** The model as the provider names it. */
  readonly model: string;
  readonly vectors: readonly Vector[];
  /** Of input alone. */
  readonly tokens: TokenCounts;
  /** True where the provider gave no count and it was estimated. */
  readonly estimated: boolean;
}
