import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, RouteOptions as FastifyRoute } from 'fastify';
import type { ServiceConfig } from '../config/service.config.js';
import type { ErrorAnswers } from '../errors/error-answers.js';
import { requestIdOf } from '../request/request-id.js';
import { maxParamLength, type AllowedMethods } from './allowed-methods.js';
import { answerUnreadable } from './answer-unreadable.js';
import { parseFormBodies } from './form-body.js';
import { parseJsonBodies } from './json-body.js';
import { addRequestHooks, begin, type RequestHooks } from './request-hooks.js';
import type { RouteOptions } from './route-config.js';

/** Bytes of a body where the route sets no other limit (`@BodyLimit`). */
const defaultBodyLimit = 1024 * 1024;
/** Longer than any proxy in front of us keeps an idle connection (Kong: 60 s), so that it is never the one surprised. */
const keepAliveTimeoutMs = 75_000;
/** For a whole request to arrive; a body of 32 MiB needs 2.2 Mbit/s. */
const requestTimeoutMs = 120_000;

export interface AdapterParts extends RequestHooks {
  readonly config: ServiceConfig;
  readonly methods: AllowedMethods;
  readonly answers: ErrorAnswers;
}

/** Fastify as every service runs it; Node sets TCP_NODELAY by itself. */
export function createAdapter({ config, methods, answers, ...hooks }: AdapterParts): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: defaultBodyLimit,
    trustProxy: config.PARLEY_TRUSTED_PROXIES ?? false,
    genReqId: requestIdOf,
    routerOptions: { maxParamLength },
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // Nest's own middleware is not used, and costs every request a hook.
    skipMiddie: true,
    clientErrorHandler: answerUnreadable,
    // A URL that the router cannot read meets no hook, so its context is made here.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      begin(request, reply, hooks);
      answers.send(error, request, reply);
    },
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', (route: FastifyRoute) => {
    methods.add(route);
    const { bodyLimit } = (route.config ?? {}) as RouteOptions;
    if (bodyLimit !== undefined) route.bodyLimit = bodyLimit;
  });
  parseJsonBodies(fastify);
  parseFormBodies(fastify);
  addRequestHooks(fastify, hooks);
  return adapter;
}
