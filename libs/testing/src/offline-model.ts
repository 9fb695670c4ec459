import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../tools/offline-model/main.ts', import.meta.url));

export interface TestOfflineModel {
  /** Its address, without `/v1`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The offline model (tools/offline-model) in a process of its own, as the stack runs it. */
export async function testOfflineModel(): Promise<TestOfflineModel> {
  const child = spawn(process.execPath, [program, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const url = /http:\S+/.exec(line)?.[0];
    if (url === undefined) continue;
    return {
      url,
      async stop() {
        child.kill();
        await exited;
      },
    };
  }
  throw new Error('the offline model did not start');
}
