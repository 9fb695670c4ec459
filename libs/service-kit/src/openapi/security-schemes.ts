import { applyDecorators } from '@nestjs/common';
import { ApiSecurity, type DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';

/** Names of the ways to present a credential, in `components.securitySchemes`. */
const names = { bearer: 'bearer', apiKey: 'api_key', basic: 'basic' } as const;

export const addSecuritySchemes = (builder: DocumentBuilder): DocumentBuilder =>
  builder
    .addBearerAuth({ type: 'http', description: 'An access token or an API key' }, names.bearer)
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-api-key' }, names.apiKey)
    .addBasicAuth({ type: 'http', description: 'The id and secret of a client' }, names.basic);

/** Of a route that demands a caller. */
export const callerSecurity = (): MethodDecorator =>
  applyDecorators(ApiSecurity(names.bearer), ApiSecurity(names.apiKey));

/** On a public route: it also takes the id and secret of a client in the Authorization header (RFC 7617). */
export const TakesBasic = (): MethodDecorator => applyDecorators(ApiSecurity(names.basic), ApiSecurity({}));

type SecuritySchemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;

/** Those that an operation names. */
export function usedSchemes(paths: OpenAPIObject['paths'], schemes: SecuritySchemes = {}): SecuritySchemes {
  const operations = Object.values(paths).flatMap((item) => Object.values(item) as { security?: object[] }[]);
  const used = new Set(operations.flatMap(({ security = [] }) => security.flatMap(Object.keys)));
  return Object.fromEntries(Object.entries(schemes).filter(([name]) => used.has(name)));
}
