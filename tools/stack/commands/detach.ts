import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sentenceFor, StackFailure } from '../failure.ts';
import { logFile, openHome, rotateLog } from '../home.ts';
import type { Progress } from '../report.ts';
import { supervise } from '../supervisor.ts';
import { progressLine } from '../terminal/progress.ts';
import { screen, type ScreenFacts } from '../terminal/screen.ts';
import { style } from '../terminal/style.ts';

/** What the process in the background tells the one in the foreground until it is up. */
type Message = { readonly progress: Progress } | { readonly facts: ScreenFacts } | { readonly failure: string };

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** `npm start -- --detach`: starts a process that stays, shows its progress, and leaves it alone when it is up. */
export async function upInBackground(home: string): Promise<void> {
  openHome(home);
  rotateLog(home, 'stack');
  const log = openSync(logFile(home, 'stack'), 'a', 0o600);
  const child = spawn(process.execPath, [main, 'supervise'], { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const facts = await new Promise<ScreenFacts>((resolve, reject) => {
    child.on('message', (message: Message) => {
      if ('progress' in message) console.log(progressLine(message.progress));
      else if ('facts' in message) resolve(message.facts);
      else reject(new StackFailure(message.failure));
    });
    child.once('exit', () =>
      reject(new StackFailure(`The stack ended while it was starting: see ${logFile(home, 'stack')}.`)),
    );
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
  });
  child.disconnect();
  child.unref();
  console.log(screen(facts));
  console.log(
    `  ${style('dim', 'It runs in the background. `npm run stack -- stop` stops it, `npm run stack -- logs` shows its logs.')}\n`,
  );
}

/** The process in the background. */
export async function superviseInBackground(home: string): Promise<void> {
  const tell = (message: Message) => process.connected && process.send?.(message);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
  try {
    const stack = await supervise(home, (progress) => {
      console.log(`${new Date().toISOString()} ${progress.part}: ${progress.note}`);
      tell({ progress });
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.removeAllListeners(signal).on(signal, () => void stack.stop());
    }
    tell({ facts: stack.facts });
    await stack.ended;
  } catch (error) {
    console.error(error);
    const failure: Message = { failure: sentenceFor(error) ?? String(error) };
    if (process.connected) process.send?.(failure, () => process.exit(1));
    else process.exit(1);
  }
}
