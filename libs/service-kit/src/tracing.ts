// `node --import @parley/service-kit/tracing dist/main.js`. Without an endpoint nothing of the SDK is even loaded.
const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SERVICE_NAME } = process.env;
const [, main] = process.argv;

if (main !== undefined && (OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)) {
  const { startSdk } = await import('./tracing/start-sdk.js');
  startSdk(main, OTEL_SERVICE_NAME);
}

export {};
