import type { Config } from '../config.js';
import type { ServerFile } from './server-file.js';

/** Which servers there are, and what they inherit. */
export class ServersOptions {
  readonly servers: ServerFile;
  readonly pingTimeoutMs: number;
  /** All that a server sees of the hub's own environment: no secret is among it. */
  readonly inherited: Readonly<Record<string, string>>;

  constructor({ MCP_SERVERS, MCP_PING_TIMEOUT_MS, PATH, HOME, LANG }: Config) {
    this.servers = MCP_SERVERS;
    this.pingTimeoutMs = MCP_PING_TIMEOUT_MS;
    this.inherited = { PATH, LANG, ...(HOME !== undefined && { HOME }) };
  }
}
