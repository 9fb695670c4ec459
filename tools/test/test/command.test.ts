import { expect, it } from '@jest/globals';
import { command } from '../command.ts';

const node = (script: string, timeoutMs?: number) => {
  const lines: string[] = [];
  const log = (text: string): void => void lines.push(text);
  const options = timeoutMs === undefined ? { log } : { log, timeoutMs };
  return command(process.execPath, ['-e', script], options).then((result) => ({ ...result, log: lines.join('\n') }));
};

it('answers the exit code and what was written, and logs both streams', async () => {
  const { code, stdout, log } = await node('console.log("out"); console.error("err"); process.exitCode = 3');

  expect(code).toBe(3);
  expect(stdout).toBe('out\n');
  expect(log).toMatch(/out[^]*err|err[^]*out/);
});

it('answers -1 for a program that is not there', async () => {
  expect((await command('no-such-program', [], { log: () => undefined })).code).toBe(-1);
});

it('kills a command that takes too long, with what it started, and says so', async () => {
  const started = Date.now();
  const forever =
    'require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" })';

  const { code, log } = await node(forever, 300);

  expect(code).toBe(-1);
  expect(log).toContain('ran longer than 0.3 s');
  expect(Date.now() - started).toBeLessThan(5_000);
});
