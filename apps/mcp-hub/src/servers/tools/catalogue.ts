import type { ListedTool } from '../protocol/messages.js';
import { Tool } from './tool.js';

/** What a server has, as far as it was read last. */
export class Catalogue {
  /** By name; undefined until the server has said it once. Kept while the server is down. */
  tools: ReadonlyMap<string, Tool> | undefined;
  private reading: Promise<void> | undefined;
  private stale = false;

  /** `allowed`: names of tools, beside which there are none; undefined for all. */
  constructor(
    private readonly serverId: string,
    private readonly allowed: readonly string[] | undefined,
  ) {}

  /** Reads the tools anew; changes that are told of meanwhile cost one more reading, however many they are. */
  refresh(read: () => Promise<ListedTool[]>): Promise<void> {
    this.stale = true;
    this.reading ??= this.readUntilFresh(read).finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readUntilFresh(read: () => Promise<ListedTool[]>): Promise<void> {
    while (this.stale) {
      this.stale = false;
      const listed = await read();
      const allowed = listed.filter(({ name }) => this.allowed?.includes(name) ?? true);
      this.tools = new Map(allowed.map((tool) => [tool.name, new Tool(this.serverId, tool)]));
    }
  }
}
