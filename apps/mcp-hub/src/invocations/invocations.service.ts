import { Injectable } from '@nestjs/common';
import { AppError, isAppError, type Identity, type ToolInvocation, type ToolResult } from '@parley/contracts';
import { Clock, currentRequest } from '@parley/service-kit';
import { v7 as uuid } from 'uuid';
import { McpServers } from '../servers/mcp-servers.js';
import type { CallResult } from '../servers/protocol/messages.js';
import type { Tool } from '../servers/tools/tool.js';
import { InvocationMetrics } from './invocation-metrics.js';
import { InvocationWriter } from './invocation-writer.js';

/** One call as it came in. */
export interface Invocation {
  readonly caller: Identity;
  readonly toolId: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
}

type Outcome = Pick<ToolInvocation, 'outcome' | 'error_code'>;

/** Calls tools, and lets no call that reached one end before it is on record. */
@Injectable()
export class InvocationsService {
  constructor(
    private readonly servers: McpServers,
    private readonly audit: InvocationWriter,
    private readonly metrics: InvocationMetrics,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError service.unavailable before a tool does anything that could not be recorded. */
  async invoke({ caller, toolId, arguments: given, signal }: Invocation): Promise<ToolResult> {
    const { server, tool } = this.servers.tool(toolId);
    tool.check(given);
    if (!this.audit.available)
      throw new AppError('service.unavailable', { internal: 'calls cannot be recorded', retryAfterMs: 1_000 });
    const timeoutMs = currentRequest()?.deadline?.remainingMs;
    return server.use(async (call) => {
      const end = this.begin(caller, tool);
      try {
        const result = await call({ tool: tool.name, arguments: given, timeoutMs, signal });
        return toAnswer(await end(outcomeOf(result)), result);
      } catch (error) {
        // The call's own failure is on record before it is told; where the record failed, that is told instead.
        await end({ outcome: 'failed', error_code: isAppError(error) ? error.code : 'service.internal' });
        throw error;
      }
    }, signal);
  }

  /** Begins a call; the function it returns puts the call's end on record, once, and answers the record's id. */
  private begin(caller: Identity, tool: Tool): (outcome: Outcome) => Promise<string> {
    const done = this.audit.begin();
    const startedAt = this.clock.now();
    const record = async (outcome: Outcome): Promise<string> => {
      const now = this.clock.now();
      const invocation: ToolInvocation = {
        id: uuid(),
        occurred_at: new Date(now).toISOString(),
        request_id: currentRequest()?.requestId ?? '',
        subject: caller.subject,
        api_key_id: caller.keyId ?? null,
        tool_id: tool.id,
        server_id: tool.serverId,
        ...outcome,
        duration_ms: Math.max(0, Math.round(now - startedAt)),
      };
      this.metrics.ended(invocation);
      await this.audit.write(caller.tenantId, invocation).finally(done);
      return invocation.id;
    };
    let recorded: Promise<string> | undefined;
    return (outcome) => (recorded ??= record(outcome));
  }
}

const outcomeOf = ({ isError }: CallResult): Outcome => ({
  outcome: isError ? 'tool_error' : 'succeeded',
  error_code: null,
});

const toAnswer = (id: string, { content, structuredContent, isError }: CallResult): ToolResult => ({
  invocation_id: id,
  content,
  structured_content: structuredContent ?? null,
  is_error: isError,
});
