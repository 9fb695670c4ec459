/**
 * The SDK's client straight over stdio, with a number of calls in flight: the least that a call of a tool costs. Prints the
 * same result as the load generator does over HTTP. `stdio-client.ts <in flight> <seconds> <program of the server>`.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Result } from '../load.ts';

const [inFlight = '', seconds = '', program = ''] = process.argv.slice(2);
const client = new Client({ name: 'bench', version: '0.0.0' });
await client.connect(new StdioClientTransport({ command: process.execPath, args: [program], stderr: 'ignore' }));

const request = { name: 'echo', arguments: { message: 'hello' } };
const tookMs: number[] = [];
let bad = 0;
const stopAt = performance.now() + Number(seconds) * 1_000;

async function keepCalling(): Promise<void> {
  for (let now = performance.now(); now < stopAt;) {
    const { content } = await client.callTool(request);
    const ended = performance.now();
    if (JSON.stringify(content).includes('Echo: hello')) tookMs.push(ended - now);
    else bad += 1;
    now = ended;
  }
}
await Promise.all(Array.from({ length: Number(inFlight) }, keepCalling));
await client.close();

tookMs.sort((a, b) => a - b);
const percentile = (part: number) => tookMs[Math.floor(tookMs.length * part)] ?? 0;
const result: Result = {
  good: tookMs.length,
  bad,
  perSecond: tookMs.length / Number(seconds),
  p50Ms: percentile(0.5),
  p99Ms: percentile(0.99),
};
console.log(JSON.stringify(result));
