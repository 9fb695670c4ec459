import { askStatus } from '../control/client.ts';
import { StackFailure } from '../failure.ts';
import { logFile } from '../home.ts';
import { ownerOf } from '../processes/owner.ts';
import { watchLauncher } from '../processes/launcher.ts';
import { supervise } from '../supervisor.ts';
import { follow } from '../terminal/follow.ts';
import { logLine } from '../terminal/log-line.ts';
import { progressLine } from '../terminal/progress.ts';
import { screen } from '../terminal/screen.ts';
import { style } from '../terminal/style.ts';
import { upInBackground } from './detach.ts';

/** `npm start`: brings the platform up, shows the screen, then the services' logs until it is told to stop. */
export async function up(home: string, { detach }: { readonly detach: boolean }): Promise<void> {
  const owner = ownerOf(home);
  if (owner) return showRunning(home, owner.pid);
  console.log(`\n  ${style('bold', 'Parley')} ${style('dim', `is starting; its data is in ${home}`)}\n`);
  if (detach) return upInBackground(home);

  // Until it is up there is nothing to wind down in order: what was started is told to end as this process exits.
  const giveUp = () => {
    console.log(`\n  ${style('dim', 'Stopped.')}`);
    process.exit(130);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, giveUp);
  const stack = await supervise(home, (progress) => console.log(progressLine(progress)));
  for (const signal of signals) process.off(signal, giveUp);
  console.log(screen(stack.facts));
  console.log(`  ${style('dim', 'Ctrl-C stops it. `npm run stack` lists what else you can do.')}\n`);

  const followed = new Map<string, () => void>();
  const followAll = () => {
    for (const { name } of stack.platform.instances) {
      if (followed.has(name)) continue;
      followed.set(
        name,
        follow(logFile(home, name), (line) => console.log(logLine(name, line))),
      );
    }
  };
  followAll();
  const newcomers = setInterval(followAll, 1_000);
  let asked = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (asked && signal === 'SIGINT') giveUp();
      if (!asked) console.log(`\n  ${style('dim', 'Stopping … (Ctrl-C again stops at once)')}`);
      asked = true;
      void stack.stop();
    });
  }
  const launcher = watchLauncher(() => void stack.stop());
  await stack.ended;
  launcher.stop();
  clearInterval(newcomers);
  for (const unfollow of followed.values()) unfollow();
  console.log(`  ${style('dim', 'Stopped. `npm start` brings it back with its data.')}`);
}

async function showRunning(home: string, pid: number): Promise<void> {
  const status = await askStatus(home).catch(() => {
    throw new StackFailure(
      `Process ${pid} is starting or stopping Parley in ${home} at this moment: wait for it, or end it.`,
    );
  });
  console.log(screen(status.screen));
  console.log(`  ${style('dim', `It was running already (process ${pid}). \`npm run stack -- stop\` stops it.`)}\n`);
}
