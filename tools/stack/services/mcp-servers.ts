import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { workspace } from '../home.ts';

/** The same that the image is given. */
const samples = join(workspace, 'deploy/docker/mcp-files');

type Environment = Readonly<Record<string, string | undefined>>;

/** What tells mcp-hub of its servers: the file that the environment names, else two to begin with. */
export function mcpServers(home: string, { MCP_SERVERS, MCP_SERVERS_FILE }: Environment): Record<string, string> {
  if (MCP_SERVERS) return { MCP_SERVERS };
  return { MCP_SERVERS_FILE: MCP_SERVERS_FILE ? resolve(MCP_SERVERS_FILE) : writeDemo(join(home, 'mcp')) };
}

/** The tools of `files` that change nothing: what one tenant wrote, every other could read. */
const readingTools = [
  'read_text_file',
  'read_media_file',
  'read_multiple_files',
  'list_directory',
  'list_directory_with_sizes',
  'directory_tree',
  'search_files',
  'get_file_info',
  'list_allowed_directories',
];

/** `everything`, which has a tool of each kind, and `files`, which reads a folder of samples. */
function writeDemo(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'servers.json');
  const servers = {
    everything: published('everything'),
    files: { ...published('filesystem', samples), tools: readingTools },
  };
  writeFileSync(path, `${JSON.stringify({ mcpServers: servers }, null, 2)}\n`);
  return path;
}

/** By its path, as mcp-hub depends on it: nothing is downloaded at a start. */
function published(name: string, ...args: readonly string[]) {
  const { resolve: find } = createRequire(join(workspace, 'apps/mcp-hub/package.json'));
  const program = join(dirname(find(`@modelcontextprotocol/server-${name}/package.json`)), 'dist/index.js');
  return { command: process.execPath, args: [program, ...args] };
}
