import { currentRequest } from './request-context.js';
import { activeTraceparent, newTraceparent } from './traceparent.js';

/** What an outgoing call or event carries on: the active span where the SDK runs, else the trace of the request at hand. */
export const traceHeaders = (): { readonly traceparent: string } => ({
  traceparent: activeTraceparent() ?? currentRequest()?.traceparent ?? newTraceparent(),
});
