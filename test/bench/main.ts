import { authBench } from './auth/bench.ts';
import { gatewayBench } from './gateway/bench.ts';
import { mcpBench } from './mcp/bench.ts';
import { appendBench } from './sessions/append/bench.ts';
import { libraryBench } from './sessions/library/bench.ts';
import { liveBench } from './sessions/live/bench.ts';

const benches: Record<string, (options: { json: boolean; quick: boolean }) => Promise<void>> = {
  auth: authBench,
  gateway: gatewayBench,
  'sessions/append': appendBench,
  'sessions/library': libraryBench,
  'sessions/live': liveBench,
  mcp: mcpBench,
};

const args = process.argv.slice(2);
const json = args.includes('--json');
const quick = args.includes('--quick');
const names = args.filter((arg) => !arg.startsWith('--'));
/** A name, or what several names begin with: `sessions` is all of its parts. */
const namedBy = (given: string) =>
  Object.keys(benches).filter((name) => name === given || name.startsWith(`${given}/`));
if (names.length === 0 || names.some((name) => namedBy(name).length === 0)) {
  console.error(`usage: npm run bench -- <${Object.keys(benches).join('|')}> [--json] [--quick]`);
  process.exit(2);
}
for (const name of names.flatMap(namedBy)) await benches[name]?.({ json, quick });
