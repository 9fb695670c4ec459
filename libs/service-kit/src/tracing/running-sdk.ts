/** The tracing SDK of this process, where the tracing entry has started one. */
let shutdownSdk: (() => Promise<void>) | undefined;

export const sdkStarted = (shutdown: () => Promise<void>): void => {
  shutdownSdk = shutdown;
};

/** Sends the spans that wait; does nothing where no SDK was started. */
export const flushTracing = (): Promise<void> => shutdownSdk?.() ?? Promise.resolve();
