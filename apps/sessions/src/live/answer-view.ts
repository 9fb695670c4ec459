import type { Block, ErrorCode, Stop, TokenCounts } from '@parley/contracts';

/** A turn, as those who read along know it. */
export interface LiveTurn {
  readonly id: string;
  readonly sessionId: string;
  /** As it was asked for. */
  readonly model: string;
  readonly openedAt: Date;
}

/** How an answer ended, which nothing changes any more. */
export type Ending =
  | { readonly kind: 'whole'; readonly stop: Stop; readonly tokens: TokenCounts }
  | { readonly kind: 'broken'; readonly code: ErrorCode };

/** What has come of a turn's answer, wherever that is known from. */
export interface AnswerView {
  /** As the provider names it, once anything has come. */
  readonly model: string | null;
  readonly blocks: readonly Block[];
  /** How many of the blocks, from the first on, are whole; once there is an ending, all of them count as whole. */
  readonly whole: number;
  readonly ending: Ending | undefined;
}
