import { authBench } from './auth/bench.ts';
import { gatewayBench } from './gateway/bench.ts';
import { mcpBench } from './mcp/bench.ts';
import { sessionsBench } from './sessions/bench.ts';

const benches: Record<string, (options: { json: boolean; quick: boolean }) => Promise<void>> = {
  auth: authBench,
  gateway: gatewayBench,
  sessions: sessionsBench,
  mcp: mcpBench,
};

const args = process.argv.slice(2);
const json = args.includes('--json');
const quick = args.includes('--quick');
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !(name in benches));
if (names.length === 0 || unknown.length > 0) {
  console.error(`usage: npm run bench -- <${Object.keys(benches).join('|')}> [--json] [--quick]`);
  process.exit(2);
}
for (const name of names) await benches[name]?.({ json, quick });
