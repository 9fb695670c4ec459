// Real: bash, curl, an HTTP server.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runDocument } from '../run.ts';

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 401).end('an answer');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

const block = (...lines: string[]): string => ['```sh', ...lines, '```', ''].join('\n');
const run = (...blocks: string[]) =>
  runDocument(blocks.join('\nThen:\n\n'), {
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'] ?? '', SERVER: url },
    timeoutMs: 10_000,
  });

it('passes a document whose commands succeed, each with what those before it left', async () => {
  const { code, output } = await run(
    block('cd ..', 'export GREETING=hello'),
    block('ls run.ts', 'echo "$GREETING you"'),
  );

  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('hello you') });
});

it.each([
  ['a command that fails, whatever follows it', 'false\ntrue'],
  ['a program that is not there', 'no-such-program'],
  ['a variable that nobody has set', 'echo "$NOT_SET"'],
  ['a failure inside of a pipe', 'false | cat'],
  ['a request that is refused', 'curl "$SERVER/refused"'],
])('fails a document with %s', async (_, commands) => {
  const { code } = await run(block('true'), block(commands), block('true'));

  expect(code).not.toBe(0);
});

it('shows what was run and what it said', async () => {
  const { output } = await run(block('curl "$SERVER/"'), block('curl "$SERVER/refused"'));

  expect(output).toMatch(/curl "\$SERVER\/"\nan answer\s*curl "\$SERVER\/refused"\n[^]*error: 401\nan answer/);
});

it('leaves out a block that is excused, and no other', async () => {
  const excused = `<!-- not run: it fails -->\n\n${block('exit 7')}`;

  expect((await run(excused, block('echo here'))).output).toContain('here');
  expect((await run(excused, block('exit 3'))).code).toBe(3);
});

it('ends commands that take too long', async () => {
  const options = { cwd: '/', env: { PATH: process.env['PATH'] ?? '' }, timeoutMs: 200 };

  expect((await runDocument(block('exec sleep 60'), options)).code).toBe(-1);
});
