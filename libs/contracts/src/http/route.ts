import type { z } from 'zod';

/** One internal or public call as both sides see it; `path` has `:name` parameters. */
export interface Route<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  readonly service: ServiceName;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  /** The JSON body; absent where there is none. */
  readonly request?: Request;
  readonly response: Response;
  /**
   * Whether a client may send again without the optional fields that an instance of an earlier release does not know: only
   * where none of them forbids anything. Default false.
   */
  readonly lenient?: boolean;
}

export type ServiceName = 'gateway' | 'auth' | 'sessions' | 'experts' | 'mcp-hub' | 'analytics';

export const defineRoute = <Request extends z.ZodType, Response extends z.ZodType>(
  route: Route<Request, Response>,
): Route<Request, Response> => route;
