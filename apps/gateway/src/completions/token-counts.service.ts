import { Injectable } from '@nestjs/common';
import { ModelRouter } from '@parley/llm';
import { callerSignal, currentRequest } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { readCountRequest } from '../dialects/anthropic/index.js';

/** As Anthropic answers it. */
export const tokenCount = z.strictObject({ input_tokens: z.int().min(0) }).meta({ id: 'TokenCount' });
export type TokenCount = z.infer<typeof tokenCount>;

/** Has the tokens of a question counted by the provider of its model. It costs nothing, so that nothing is recorded. */
@Injectable()
export class TokenCountsService {
  constructor(private readonly models: ModelRouter) {}

  async count(body: unknown, { raw, request: { headers } }: FastifyReply): Promise<TokenCount> {
    const request = readCountRequest(body, headers);
    const caller = { signal: callerSignal(raw), deadline: currentRequest()?.deadline };
    return { input_tokens: await this.models.countTokens(request, caller) };
  }
}
