import { ask, askStatus } from '../control/client.ts';
import { StackFailure } from '../failure.ts';
import { progressLine } from '../terminal/progress.ts';
import { style } from '../terminal/style.ts';
import type { Request } from '../control/protocol.ts';
import type { Report } from '../report.ts';

const show: Report = (progress) => console.log(progressLine(progress));

/** Has the running stack do something, showing its progress; says `done` at the end. */
export async function command(home: string, request: Request, done: string): Promise<void> {
  await ask(home, request, show);
  console.log(`  ${done}`);
}

/** `scale <service> <n>`. */
export async function scale(home: string, service: string, text: string): Promise<void> {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 16) {
    throw new StackFailure(`The number of instances must be from 1 to 16, not "${text}".`);
  }
  await command(
    home,
    { kind: 'scale', service, count },
    `${service} runs ${count} ${count === 1 ? 'instance' : 'instances'}.`,
  );
  await status(home);
}

/** `status`: one row for everything that runs. */
export async function status(home: string): Promise<void> {
  const { rows, pid, screen } = await askStatus(home);
  console.log(`\n  ${style('bold', 'Parley')} ${screen.url} ${style('dim', `(process ${pid}, data in ${home})`)}\n`);
  for (const { name, state, address, pid: process, crashes = 0 } of rows) {
    const mark = state === 'ready' || state === 'given' ? style('green', '●') : style('yellow', '○');
    const crashed = crashes > 0 ? `, crashed ${crashes} times` : '';
    const detail = process === undefined ? crashed : ` ${style('dim', `process ${process}${crashed}`)}`;
    console.log(`  ${mark} ${name.padEnd(14)} ${state.padEnd(9)} ${address}${detail}`);
  }
  console.log();
}

/** `env`: shell exports, and nothing else, so that the output can be evaluated. */
export async function env(home: string): Promise<void> {
  const { env: variables } = await askStatus(home);
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}='${value}'`);
}
