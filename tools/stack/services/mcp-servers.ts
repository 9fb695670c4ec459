import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { workspace } from '../home.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What tells mcp-hub of its servers: the file that the environment names, else two to begin with. */
export function mcpServers(home: string, { MCP_SERVERS, MCP_SERVERS_FILE }: Environment): Record<string, string> {
  if (MCP_SERVERS) return { MCP_SERVERS };
  return { MCP_SERVERS_FILE: MCP_SERVERS_FILE ? resolve(MCP_SERVERS_FILE) : writeDemo(join(home, 'mcp')) };
}

/** `everything`, which has a tool of each kind, and `files`, which reads and writes in one folder of the home. */
function writeDemo(folder: string): string {
  const files = join(folder, 'files');
  mkdirSync(files, { recursive: true });
  const welcome = join(files, 'welcome.txt');
  if (!existsSync(welcome))
    writeFileSync(welcome, 'Whatever lies in this folder, the tools of the server "files" can read and change.\n');
  const path = join(folder, 'servers.json');
  const servers = { everything: published('everything'), files: published('filesystem', files) };
  writeFileSync(path, `${JSON.stringify({ mcpServers: servers }, null, 2)}\n`);
  return path;
}

/** By its path, as mcp-hub depends on it: nothing is downloaded at a start. */
function published(name: string, ...args: readonly string[]) {
  const { resolve: find } = createRequire(join(workspace, 'apps/mcp-hub/package.json'));
  const program = join(dirname(find(`@modelcontextprotocol/server-${name}/package.json`)), 'dist/index.js');
  return { command: process.execPath, args: [program, ...args] };
}
