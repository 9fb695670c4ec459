/**
 * The SDK's client straight over stdio, with a number of calls in flight: the least that a call of a tool costs.
 * `stdio-client.ts <in flight> <program of the server>`.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { keepBusy } from '../timings.ts';
import { work } from '../worker.ts';

const [inFlight = '', program = ''] = process.argv.slice(2);
const client = new Client({ name: 'bench', version: '0.0.0' });
await client.connect(new StdioClientTransport({ command: process.execPath, args: [program], stderr: 'ignore' }));

const request = { name: 'echo', arguments: { message: 'hello' } };
work((seconds) =>
  keepBusy({ inFlight: Number(inFlight), seconds }, async () => {
    const { content } = await client.callTool(request);
    return JSON.stringify(content).includes('Echo: hello');
  }),
);
