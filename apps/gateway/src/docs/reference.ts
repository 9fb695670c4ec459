import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import reference from '@scalar/fastify-api-reference';

/** People paste keys into this page: it loads from here alone, talks to here alone, and is framed by nobody. */
const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** The browsable reference at `/docs`, with all that its page needs: it works without the internet and calls nobody. */
export async function serveReference(app: NestFastifyApplication): Promise<void> {
  await app
    .getHttpAdapter()
    .getInstance()
    .register(async (scope) => {
      scope.addHook('onSend', async (_request, reply) => void reply.headers(headers));
      await scope.register(reference, {
        routePrefix: '/docs',
        configuration: {
          pageTitle: 'Parley API',
          url: '/openapi.json',
          authentication: { preferredSecurityScheme: 'bearer' },
          defaultOpenAllTags: true,
          withDefaultFonts: false,
          telemetry: false,
          agent: { disabled: true },
          mcp: { disabled: true },
          showDeveloperTools: 'never',
          hideClientButton: true,
        },
      });
    });
}
