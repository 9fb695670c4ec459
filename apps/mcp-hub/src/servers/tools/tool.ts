import { AppError, type McpTool } from '@parley/contracts';
import type { ListedTool } from '../protocol/messages.js';
import { compileCheck, type ArgumentCheck } from './argument-check.js';

/** A tool of a server, as the server describes it. */
export class Tool {
  readonly name: string;
  readonly definition: McpTool;
  private compiled: ArgumentCheck | undefined;

  constructor(
    readonly serverId: string,
    listed: ListedTool,
  ) {
    this.name = listed.name;
    this.definition = {
      id: `${serverId}.${listed.name}`,
      name: listed.name,
      title: listed.title ?? null,
      description: listed.description ?? null,
      input_schema: listed.inputSchema,
      output_schema: listed.outputSchema ?? null,
    };
  }

  get id(): string {
    return this.definition.id;
  }

  /**
   * The schema is compiled by the first call: a server may have many tools, and few of them are called.
   * @throws AppError request.invalid; tool.failed when the tool's own schema is none.
   */
  check(given: Readonly<Record<string, unknown>>): void {
    this.compiled ??= this.compile();
    this.compiled(given);
  }

  private compile(): ArgumentCheck {
    try {
      return compileCheck(this.definition.input_schema);
    } catch (cause) {
      const failure = new AppError('tool.failed', { detail: 'The tool’s own input schema is not valid', cause });
      return () => {
        throw failure;
      };
    }
  }
}
