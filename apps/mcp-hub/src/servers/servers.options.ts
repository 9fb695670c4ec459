import type { Config } from '../config.js';
import type { ServerFile } from './server-file.js';

/** Which servers there are, and what they inherit. */
export class ServersOptions {
  readonly servers: ServerFile;
  readonly pingTimeoutMs: number;
  /** All that a server is given of the hub's environment. Under the same account, it could read the rest in /proc. */
  readonly inherited: Readonly<Record<string, string>>;

  constructor({ MCP_SERVERS, MCP_PING_TIMEOUT_MS, PATH, HOME, LANG }: Config) {
    this.servers = MCP_SERVERS;
    this.pingTimeoutMs = MCP_PING_TIMEOUT_MS;
    this.inherited = { PATH, LANG, ...(HOME !== undefined && { HOME }) };
  }
}
