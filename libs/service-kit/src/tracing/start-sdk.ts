import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { quietRoutes } from '../http/kit-routes.js';
import { dropTraceparent } from './drop-traceparent.js';
import { preload } from './preload.js';
import { sdkStarted } from './running-sdk.js';
import { serviceNameOf } from './service-name.js';

/** Traces what the service at `main` does. They go where the OTEL_* variables say; metrics and logs have their own ways out. */
export function startSdk(main: string, serviceName = serviceNameOf(main)): void {
  const sdk = new NodeSDK({
    serviceName,
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url = '' }) => quietRoutes.has(url) }),
      new UndiciInstrumentation({ requestHook: (_span, request) => dropTraceparent(request) }),
      // The relay's polls belong to no request.
      new PgInstrumentation({ requireParentSpan: true }),
      new IORedisInstrumentation(),
      new AmqplibInstrumentation(),
    ],
  });
  sdk.start();
  preload(main);
  sdkStarted(() => sdk.shutdown());
}
