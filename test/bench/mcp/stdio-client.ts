/**
 * The SDK's client straight over stdio, with a number of calls in flight: the least that a call of a tool costs. Prints the
 * same result as the load generator does over HTTP. `stdio-client.ts <in flight> <seconds> <program of the server>`.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { keepBusy } from '../timings.ts';

const [inFlight = '', seconds = '', program = ''] = process.argv.slice(2);
const client = new Client({ name: 'bench', version: '0.0.0' });
await client.connect(new StdioClientTransport({ command: process.execPath, args: [program], stderr: 'ignore' }));

const request = { name: 'echo', arguments: { message: 'hello' } };
const result = await keepBusy({ inFlight: Number(inFlight), seconds: Number(seconds) }, async () => {
  const { content } = await client.callTool(request);
  return JSON.stringify(content).includes('Echo: hello');
});
await client.close();
console.log(JSON.stringify(result));
