import type { ConversationSummary, TokenCounts } from '@parley/contracts';

/** What stands for every message of a conversation up to one, instructions aside. */
export interface Summary {
  readonly untilMessageId: string;
  readonly text: string;
  /** How many messages it stands for. */
  readonly messages: number;
  /** Wrote it. */
  readonly model: string;
  readonly tokens: TokenCounts;
  /** In US dollars; null where it is not known. */
  readonly costUsd: string | null;
  readonly createdAt: Date;
}

export type NewSummary = Omit<Summary, 'createdAt'>;

export const toSummary = ({ untilMessageId, costUsd, createdAt, ...summary }: Summary): ConversationSummary => ({
  ...summary,
  until_message_id: untilMessageId,
  cost_usd: costUsd,
  created_at: createdAt.toISOString(),
});
