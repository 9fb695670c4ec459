import { anthropicProvider, ModelRouter, openaiCompatibleProvider } from '@parley/llm';
import { testOfflineModel } from '@parley/testing';

export interface OfflineRouter {
  readonly router: ModelRouter;
  stop(): Promise<void>;
}

/** A router over an offline model, which is `anthropic` and `openai` to it. */
export async function offlineRouter(): Promise<OfflineRouter> {
  const limits = { connections: 8, firstByteTimeoutMs: 10_000, idleTimeoutMs: 10_000 };
  const offline = await testOfflineModel();
  const router = new ModelRouter({
    providers: [
      anthropicProvider({ name: 'anthropic', apiKey: 'key', baseUrl: offline.url, ...limits }),
      openaiCompatibleProvider({ name: 'openai', baseUrl: `${offline.url}/v1`, ...limits }),
    ],
    maxConcurrent: 8,
    maxQueued: 8,
    deadlineMs: 30_000,
    log: { warn: () => undefined },
  });
  return {
    router,
    async stop() {
      await router.close();
      await offline.stop();
    },
  };
}

/** What the offline model plays when it is asked to, and the status that a client is told. */
export const faults: readonly (readonly [fault: string, status: number])[] = [
  ['400', 400],
  ['401', 502],
  ['429', 429],
  ['500', 502],
  ['529', 503],
  ['garbage', 502],
  ['half-stream', 502],
  ['nothing', 502],
];
