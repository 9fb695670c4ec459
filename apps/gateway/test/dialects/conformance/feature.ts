/** The dialects that clients speak, and the wire formats that providers are spoken to in. */
export type DialectName = 'chat' | 'messages' | 'responses';
export type WireName = 'chat' | 'messages';

/** The providers that a request may end at. */
export type TargetName = 'anthropic' | 'openai' | 'other';

/** Fields of a body, as JSON has them. */
export type Form = Readonly<Record<string, unknown>>;

/** The same thing in the words of each dialect; absent where a dialect has none for it. */
export type Forms = { readonly [Name in DialectName]?: Form };

/** How a provider is told something that its wire format has other words for than its dialect. */
export interface Told {
  readonly form: Form;
  /** Completes "kept, …". */
  readonly as: string;
}

/** Something that a request may say. */
export interface Asked {
  readonly feature: string;
  readonly forms: Forms;
  readonly told?: { readonly [Name in TargetName]?: Told };
  /** Said in headers besides. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Something that an answer may say: as the provider says it, and as clients read it, whole and streamed. */
export interface Answered {
  readonly feature: string;
  readonly forms: Forms;
  /** What a client reads where its provider said it in another wire format; default its own form. */
  readonly read?: Forms;
  /** What clients of the Responses dialect read, which no provider speaks, by the wire format that said it. */
  readonly responses?: { readonly [Name in WireName]?: Form };
}

/** The rows of the matrix that belong together. */
export interface Group<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
}

export const hi = { role: 'user', content: 'hi' } as const;

/** A chat message or a turn of Anthropic's. */
export const user = (...content: readonly Form[]): Form => ({ role: 'user', content });

export const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
} as const;
