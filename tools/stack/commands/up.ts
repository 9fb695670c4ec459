import { askStatus } from '../control/client.ts';
import { StackFailure } from '../failure.ts';
import { logFile } from '../home.ts';
import { ownerOf } from '../processes/owner.ts';
import { findLauncher, watchLauncher, type Launcher } from '../processes/launcher.ts';
import { supervise, type Supervisor } from '../supervisor.ts';
import { follow } from '../terminal/follow.ts';
import { logLine } from '../terminal/log-line.ts';
import { progressLine } from '../terminal/progress.ts';
import { screen } from '../terminal/screen.ts';
import { style } from '../terminal/style.ts';
import { upInBackground } from './detach.ts';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `npm start`: brings the platform up, shows the screen, then the services' logs until it is told to stop. */
export async function up(home: string, { detach }: { readonly detach: boolean }): Promise<void> {
  const owner = ownerOf(home);
  if (owner) return showRunning(home, owner.pid);
  console.log(`\n  ${style('bold', 'Parley')} ${style('dim', `is starting; its data is in ${home}`)}\n`);
  if (detach) return upInBackground(home);

  const launcher = findLauncher();
  const stack = await startHere(home, launcher);
  console.log(screen(stack.facts));
  console.log(`  ${style('dim', 'Ctrl-C stops it. `npm run stack` lists what else you can do.')}\n`);
  const unfollow = showLogs(home, stack);
  stopWhenTold(stack, launcher);
  await stack.ended;
  unfollow();
  console.log(`  ${style('dim', 'Stopped. `npm start` brings it back with its data.')}`);
}

/** Until it is up there is nothing to wind down in order: what was started is told to end as this process exits. */
async function startHere(home: string, launcher: Launcher): Promise<Supervisor> {
  const unwatch = watchLauncher(launcher, giveUp);
  for (const signal of stopSignals) process.once(signal, giveUp);
  const stack = await supervise(home, (progress) => console.log(progressLine(progress)));
  for (const signal of stopSignals) process.off(signal, giveUp);
  unwatch();
  return stack;
}

function giveUp(): never {
  console.log(`\n  ${style('dim', 'Stopped.')}`);
  process.exit(130);
}

function stopWhenTold(stack: Supervisor, launcher: Launcher): void {
  const unwatch = watchLauncher(launcher, () => void stack.stop());
  void stack.ended.then(unwatch);
  let told = false;
  for (const signal of stopSignals) {
    process.on(signal, () => {
      if (told && signal === 'SIGINT') giveUp();
      if (!told) console.log(`\n  ${style('dim', 'Stopping … (Ctrl-C again stops at once)')}`);
      told = true;
      void stack.stop();
    });
  }
}

/** Shows the logs of all instances, of those that come later too; answers the function that ends it. */
function showLogs(home: string, { platform }: Supervisor): () => void {
  const shown = new Map<string, () => void>();
  const showAll = () => {
    for (const { name } of platform.instances.filter((instance) => !shown.has(instance.name))) {
      const show = (line: string) => console.log(logLine(name, line));
      shown.set(name, follow(logFile(home, name), show));
    }
  };
  showAll();
  const timer = setInterval(showAll, 1_000);
  return () => {
    clearInterval(timer);
    for (const unfollow of shown.values()) unfollow();
  };
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
