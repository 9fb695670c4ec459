// Real: a service in a process of its own with the tracing entry, PostgreSQL, RabbitMQ. Fake: where traces go.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import {
  eventually,
  otlpReceiver,
  testAmqp,
  testDatabase,
  type OtlpReceiver,
  type TestAmqp,
  type TestDatabase,
} from '@parley/testing';

jest.setTimeout(60_000);

const traceId = '0af7651916cd43dd8448eb211c80319c';
const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

let database: TestDatabase;
let amqp: TestAmqp;
let otlp: OtlpReceiver;
let child: ChildProcess | undefined;

beforeAll(async () => {
  [database, amqp, otlp] = await Promise.all([testDatabase(), testAmqp(), otlpReceiver()]);
});
afterEach(async () => {
  if (child?.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
});
afterAll(async () => {
  await Promise.all([database.drop(), amqp.drop(), otlp.close()]);
});

/** The address of a service that publishes an event and hears it. */
async function serve(env: Readonly<Record<string, string>>): Promise<string> {
  const typescript = here('../../service-kit/test/child/typescript.mjs');
  const entries = [`--import=${typescript}`, '--import=@parley/service-kit/tracing', here('child/main.ts')];
  child = spawn(process.execPath, ['--conditions=@parley/source', ...entries], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.appUrl,
      DATABASE_SYSTEM_URL: database.systemUrl,
      DATABASE_OWNER_URL: database.ownerUrl,
      AMQP_URL: amqp.url,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  if (child.stdout)
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      process.stderr.write(line + '\n');
    });
  const line = await eventually(
    () => lines.find((text) => text.includes('"serving"')) ?? Promise.reject(new Error(lines.join('\n'))),
    { timeoutMs: 40_000 },
  );
  return (JSON.parse(line) as { url: string }).url;
}

const heardIn = (url: string) =>
  eventually(async () => {
    const { traceparent } = (await (await fetch(`${url}/heard`)).json()) as { traceparent?: string };
    expect(traceparent).toBeDefined();
    return traceparent;
  });

it('makes one trace of a request, the event that it caused, and the handling of that event', async () => {
  const url = await serve(otlp.env);
  await fetch(`${url}/publish`, { headers });
  expect(await heardIn(url)).toContain(traceId);
  await eventually(() => {
    const ours = otlp.spans.filter((span) => span.traceId === traceId);
    const named = (name: string) => ours.find((span) => span.name === name);
    const [request, publish, process] = [named('GET'), named('publish parley.events'), named('parley.child process')];
    expect(publish?.parentSpanId).toBe(request?.spanId);
    expect(process?.parentSpanId).toBe(publish?.spanId);
    expect(ours.filter(({ parentSpanId }) => parentSpanId === process?.spanId).map(({ name }) => name)).toContainEqual(
      expect.stringContaining('parley_inbox_claim'),
    );
  });
});

it('carries the trace on without the SDK', async () => {
  const url = await serve({});
  await fetch(`${url}/publish`, { headers });

  expect(await heardIn(url)).toContain(traceId);
});
