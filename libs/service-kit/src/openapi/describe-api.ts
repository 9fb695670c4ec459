import type { DynamicModule, Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problem } from '@parley/contracts';
import { KitModule } from '../bootstrap/kit.module.js';
import { documentRoutes } from './document-routes.js';
import { tellLimits } from './limit-headers.js';
import { nameWildcards } from './name-wildcards.js';
import { schemaConverter } from './schema-converter.js';
import { addSecuritySchemes, usedSchemes } from './security-schemes.js';

export interface ApiOptions {
  /** For example `auth`. */
  readonly service: string;
  readonly module: Type | DynamicModule;
  /** Default: `Parley <service>`. */
  readonly title?: string;
  readonly description?: string;
}

/**
 * The OpenAPI 3.1 document of a service, from its controllers and their schemas alone: nothing is instantiated or
 * connected. The same sources give the same text.
 */
export async function describeApi({ service, module, title, description = '' }: ApiOptions): Promise<OpenAPIObject> {
  const root = { imports: [KitModule.forRoot(), module] };
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter({ skipMiddie: true }), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  for (const { controllers } of app.get(ModulesContainer).values())
    for (const { metatype } of controllers.values()) documentRoutes(metatype as Type);
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title ?? `Parley ${service}`)
    .setDescription(description)
    .setVersion('v1');
  const standardSchemaConverter = schemaConverter();
  const { paths, components, ...document } = SwaggerModule.createDocument(app, addSecuritySchemes(builder).build(), {
    standardSchemaConverter,
    operationIdFactory: operationId,
  });
  const schemas = { ...components?.schemas, ...standardSchemaConverter(problem, { schemaType: 'output' })?.components };
  const securitySchemes = usedSchemes(paths, components?.securitySchemes);
  const told = tellLimits(nameWildcards(paths));
  return {
    ...document,
    paths: byName(told.paths),
    components: {
      ...components,
      securitySchemes,
      schemas: byName(schemas),
      ...(Object.keys(told.headers).length > 0 && { headers: told.headers }),
    },
  };
}

/** `logins.refresh` for LoginsController.refresh. */
const operationId = (controller: string, method: string): string => {
  const name = controller.replace(/Controller$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}.${method}`;
};

const byName = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))) as T;
