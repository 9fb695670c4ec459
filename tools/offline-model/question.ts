/** A JSON schema, as far as it is read here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
}

export interface OfferedTool {
  readonly name: string;
  readonly schema: Schema;
}

/** What a request asks for, whichever wire format it came in. */
export interface Question {
  readonly model: string;
  readonly stream: boolean;
  /** The last thing that the user said. */
  readonly text: string;
  /** What the model was told to be. */
  readonly system: string;
  /** Results of tools, where the last message brings some. */
  readonly toolResults: readonly string[];
  readonly tools: readonly OfferedTool[];
  /** A tool that must be called: its name, or any. */
  readonly mustCall: string | true | undefined;
  readonly mayCallSeveral: boolean;
  readonly answerSchema: Schema | undefined;
  readonly thinks: boolean;
  readonly maxTokens: number | undefined;
  readonly stopSequences: readonly string[];
  /** Whether a stream is to end with its usage. */
  readonly wantsUsage: boolean;
  readonly turns: number;
  /** Characters of the prompt, and how many of them lie before the last cache mark. */
  readonly characters: number;
  readonly cached: { readonly characters: number; readonly key: string; readonly forAnHour?: boolean } | undefined;
  /** Of a question for embeddings: one vector for each text, as numbers or as base64. */
  readonly vectors?: () => readonly (string | number[])[];
}
