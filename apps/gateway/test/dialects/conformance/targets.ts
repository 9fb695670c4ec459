import { anthropicProvider, openaiCompatibleProvider, type ModelProvider } from '@parley/llm';
import type { TargetName, WireName } from './feature.ts';

export interface Target {
  readonly name: TargetName;
  readonly title: string;
  readonly wire: WireName;
  readonly provider: ModelProvider;
}

const limits = { connections: 2, firstByteTimeoutMs: 5_000, idleTimeoutMs: 5_000 };

/** The providers of the matrix, all of which are the server at `baseUrl`. */
export const targetsAt = (baseUrl: string): readonly Target[] => [
  {
    name: 'anthropic',
    title: 'Anthropic',
    wire: 'messages',
    provider: anthropicProvider({ name: 'anthropic', apiKey: 'key', baseUrl, ...limits }),
  },
  {
    name: 'openai',
    title: 'OpenAI',
    wire: 'chat',
    provider: openaiCompatibleProvider({
      name: 'openai',
      baseUrl,
      isOpenAi: true,
      maxTokensField: 'max_completion_tokens',
      ...limits,
    }),
  },
  {
    name: 'other',
    title: 'OpenAI-compatible',
    wire: 'chat',
    provider: openaiCompatibleProvider({ name: 'other', baseUrl, ...limits }),
  },
];
