import type { ConversationSummary, Message, TokenCounts } from '@parley/contracts';

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

/** As a model is told it: of what was said, and no instruction. */
export const asMessage = ({ text }: Pick<Summary, 'text'>): Message => ({
  role: 'user',
  content: [{ type: 'text', text: `Summary of our conversation so far:\n\n${text}` }],
});

export const toSummary = ({ untilMessageId, costUsd, createdAt, ...summary }: Summary): ConversationSummary => ({
  ...summary,
  until_message_id: untilMessageId,
  cost_usd: costUsd,
  created_at: createdAt.toISOString(),
});
