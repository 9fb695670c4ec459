/** Which name the limit has: servers other than OpenAI’s often know the older one alone. */
export type MaxTokensField = 'max_tokens' | 'max_completion_tokens';

/** What servers of OpenAI’s dialect differ in. */
export interface ServerManner {
  readonly maxTokensField: MaxTokensField;
  /** OpenAI’s own API: it knows instructions of developers, and takes no thoughts back. */
  readonly isOpenAi: boolean;
}
