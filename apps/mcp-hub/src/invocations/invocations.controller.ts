import type { ServerResponse } from 'node:http';
import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { invokeToolRequest, toolResult, type Identity, type ToolResult } from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { callerSignal, Returns } from '@parley/service-kit';
import type { z } from 'zod';
import { InvocationsService } from './invocations.service.js';

@RateLimited()
@Controller('v1/mcp/tools')
export class InvocationsController {
  constructor(private readonly invocations: InvocationsService) {}

  /** Calls a tool. A tool that says it failed is an answer with `is_error`. */
  @Post(':id/invoke')
  @Permit('tools:invoke', { instance: 'id' })
  @Returns(200, toolResult)
  invoke(
    @Caller() caller: Identity,
    @Param('id') toolId: string,
    @Body({ schema: invokeToolRequest }) body: z.infer<typeof invokeToolRequest>,
    @Res({ passthrough: true }) { raw }: { readonly raw: ServerResponse },
  ): Promise<ToolResult> {
    return this.invocations.invoke({ caller, toolId, arguments: body.arguments, signal: callerSignal(raw) });
  }
}
