import { Injectable } from '@nestjs/common';
import type { Identity } from '@parley/contracts';
import { ModelRouter } from '@parley/llm';
import { callerSignal, currentRequest } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { readCountRequest } from '../dialects/anthropic/index.js';
import { TenantRoutes } from '../model-routes/tenant-routes.js';
import { demandAllowed } from '../key-bounds/allowed-models.js';

/** As Anthropic answers it. */
export const tokenCount = z.strictObject({ input_tokens: z.int().min(0) }).meta({ id: 'TokenCount' });
export type TokenCount = z.infer<typeof tokenCount>;

/** Has the tokens of a question counted by the provider of its model. It costs nothing, so that nothing is recorded. */
@Injectable()
export class TokenCountsService {
  constructor(
    private readonly models: ModelRouter,
    private readonly routes: TenantRoutes,
  ) {}

  /** @throws AppError model.not_allowed, and what reading the request and asking its provider do. */
  async count(asking: Identity, body: unknown, { raw, request: { headers } }: FastifyReply): Promise<TokenCount> {
    const request = readCountRequest(body, headers);
    demandAllowed(asking, request.model);
    const route = await this.routes.find(asking.tenantId, request.model);
    const caller = { signal: callerSignal(raw), deadline: currentRequest()?.deadline, route };
    return { input_tokens: await this.models.countTokens(request, caller) };
  }
}
