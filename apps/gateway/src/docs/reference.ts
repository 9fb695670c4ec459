import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import reference from '@scalar/fastify-api-reference';

/** The browsable reference at `/docs`, with all that its page needs: it works without the internet and calls nobody. */
export async function serveReference(app: NestFastifyApplication): Promise<void> {
  await app
    .getHttpAdapter()
    .getInstance()
    .register(reference, {
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
}
