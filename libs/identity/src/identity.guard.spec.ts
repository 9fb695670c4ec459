import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError, type Identity } from '@parley/contracts';
import { runInRequest, silentLog, type RequestContext } from '@parley/service-kit';
import { Authenticated, Permit, Public } from './decorators.js';
import type { IdentifiedRequest } from './identified-request.js';
import { IdentityGuard } from './identity.guard.js';
import type { TokenVerifier } from './token-verifier.js';

class Routes {
  @Public() open(): void {}
  @Authenticated() mine(): void {}
  @Permit('usage:read') usage(): void {}
  @Permit('api_keys:write') keys(): void {}
  @Permit('tools:invoke', { instance: 'id' }) tool(): void {}
  undecided(): void {}
}

@Permit('api_keys:write')
class ClosedRoutes {
  keys(): void {}
  @Public() open(): void {}
}

const caller: Identity = {
  tenantId: randomUUID(),
  subject: randomUUID(),
  permissions: new Set(['usage:read', 'tools:invoke:files.read']),
  subjectType: 'user',
  actors: [],
  tokenId: randomUUID(),
  expiresAt: new Date(),
};

interface CallOptions {
  readonly authorization?: string | null;
  readonly of?: typeof Routes | typeof ClosedRoutes;
  readonly params?: Readonly<Record<string, string>>;
}

function newCall(route: keyof Routes, { authorization = 'Bearer good', of = Routes, params = {} }: CallOptions = {}) {
  const verify = jest.fn(async (token: string): Promise<Identity> => {
    if (token !== 'good') throw new AppError('credential.invalid');
    return caller;
  });
  const rawHeaders = authorization === null ? [] : ['Authorization', authorization];
  const headers = authorization === null ? {} : { authorization };
  const request: IdentifiedRequest = { raw: { rawHeaders, headers }, params };
  const header = jest.fn();
  const context = {
    getType: () => 'http',
    getHandler: (): unknown => Reflect.get(of.prototype, route),
    getClass: () => of,
    switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({ header }) }),
  } as unknown as ExecutionContext;
  const sut = new IdentityGuard(new Reflector(), { verify } as unknown as TokenVerifier);
  return { call: () => sut.canActivate(context), request, header, verify, context };
}

const code = (expected: string) => expect.objectContaining({ name: 'AppError', code: expected });

describe('IdentityGuard', () => {
  it('lets anybody through to a public route, and looks at no credential', async () => {
    const { call, verify, request } = newCall('open', { authorization: 'Bearer bad' });

    await expect(call()).resolves.toBe(true);

    expect(verify).not.toHaveBeenCalled();
    expect(request.identity).toBeUndefined();
  });

  it.each([
    ['an authenticated route', 'mine'],
    ['a route whose permission the caller has', 'usage'],
  ] as const)('lets a verified caller through to %s, and says who it is', async (_, route) => {
    const { call, request } = newCall(route);

    await expect(call()).resolves.toBe(true);

    expect(request.identity).toBe(caller);
  });

  it('puts the tenant into the context of the request, for the log', async () => {
    const current: RequestContext = { requestId: 'r', traceparent: 't', log: silentLog };

    await runInRequest(current, newCall('mine').call);

    expect(current.tenantId).toBe(caller.tenantId);
  });

  it('lets a caller through whose grant is on the one instance that the path names, and on no other', async () => {
    await expect(newCall('tool', { params: { id: 'files.read' } }).call()).resolves.toBe(true);
    await expect(newCall('tool', { params: { id: 'files.write' } }).call()).rejects.toEqual(code('request.forbidden'));
  });

  it('answers 403 with the permission that is lacking', async () => {
    const { call, header } = newCall('keys');

    await expect(call()).rejects.toEqual(code('request.forbidden'));

    expect(header).toHaveBeenCalledWith(
      'www-authenticate',
      'Bearer error="insufficient_scope", scope="api_keys:write"',
    );
  });

  it('answers 401 without a credential, and asks for one', async () => {
    const { call, header } = newCall('mine', { authorization: null });

    await expect(call()).rejects.toEqual(code('request.unauthenticated'));

    expect(header).toHaveBeenCalledWith('www-authenticate', 'Bearer');
  });

  it('answers 401 with a bad credential, and says that it is bad', async () => {
    const { call, header } = newCall('mine', { authorization: 'Bearer bad' });

    await expect(call()).rejects.toEqual(code('credential.invalid'));

    expect(header).toHaveBeenCalledWith('www-authenticate', 'Bearer error="invalid_token"');
  });

  it('passes an outage of the auth service on as it is', async () => {
    const { call, verify, header } = newCall('mine');
    verify.mockRejectedValueOnce(new AppError('service.unavailable'));

    await expect(call()).rejects.toEqual(code('service.unavailable'));

    expect(header).not.toHaveBeenCalled();
  });

  it('takes a controller’s word for its routes, and a route’s word before it', async () => {
    const closed = newCall('keys', { of: ClosedRoutes });
    const opened = newCall('open', { of: ClosedRoutes });

    await expect(closed.call()).rejects.toEqual(code('request.forbidden'));
    await expect(opened.call()).resolves.toBe(true);
  });

  it('closes a route of which nobody said who may call it', async () => {
    await expect(newCall('undecided').call()).rejects.toThrow('closed');
  });
});
