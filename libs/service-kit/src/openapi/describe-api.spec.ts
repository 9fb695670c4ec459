import { Body, Controller, Delete, Get, Module, Param, Post, Query, SetMetadata } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { pageOf, pageQuery } from '@parley/contracts';
import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import { Returns } from '../http/returns.js';
import { UseErrorDialect } from '../http/route-config.js';
import { describeApi } from './describe-api.js';
import { limitHeadersMetadata } from './limit-headers-metadata.js';
import { permissionMetadata } from './permission-metadata.js';
import { TakesBasic } from './security-schemes.js';

const thing = z.strictObject({ id: z.uuid(), note: z.string().nullable() }).meta({ id: 'Thing' });
const thingPage = pageOf(thing).meta({ id: 'ThingPage' });
const createThing = z.strictObject({ note: z.string().max(10).default('') }).meta({ id: 'CreateThing' });

/** Its constructor is never to be called. */
class Database {
  constructor() {
    throw new Error('connected');
  }
}

@Controller('v1/things')
@SetMetadata(permissionMetadata, 'things:write')
class ThingsController {
  constructor(readonly database: Database) {}

  @Post()
  @Returns(201, thing)
  create(@Body({ schema: createThing }) body: z.infer<typeof createThing>) {
    return body;
  }

  @Get()
  @SetMetadata(permissionMetadata, 'public')
  @Returns(200, thingPage)
  list(@Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>) {
    return query;
  }

  @Delete(':id')
  @UseErrorDialect(() => ({ contentType: 'text/plain', body: '' }))
  @Returns(204)
  remove(@Param('id', { schema: z.uuid() }) id: string) {
    return id;
  }
}

@Controller('v1/files')
class FilesController {
  @Get('*')
  @Returns(200, thing)
  read(@Param('*', { schema: z.string() }) id: string) {
    return id;
  }
}

const fault = z.strictObject({ error: z.string() }).meta({ id: 'Fault' });

@Controller('v1/grants')
@UseErrorDialect(() => ({ contentType: 'application/json', body: '' }), fault)
class GrantsController {
  @Post()
  @SetMetadata(permissionMetadata, 'public')
  @TakesBasic()
  @Returns(201)
  create() {
    return undefined;
  }
}

@Module({ controllers: [ThingsController], providers: [Database] })
class ThingsModule {}

const describeThings = () => describeApi({ service: 'things', module: ThingsModule });

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, made without building a single provider', async () => {
    const { valid, errors } = await new Validator().validate({ ...(await describeThings()) });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('is the same each time, with paths and schemas in alphabetical order', async () => {
    const [first, second] = [await describeThings(), await describeThings()];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(Object.keys(first.paths)).toEqual(['/v1/things', '/v1/things/{id}']);
    expect(Object.keys(first.components?.schemas ?? {})).toEqual(['CreateThing', 'Problem', 'Thing', 'ThingPage']);
  });

  it('names schemas by their id, in requests and answers', async () => {
    const { paths } = await describeThings();
    expect(paths['/v1/things']?.post).toMatchObject({
      operationId: 'things.create',
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/CreateThing' } } } },
      responses: { 201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } } },
    });
  });

  it('says what each route demands of its caller', async () => {
    const { paths } = await describeThings();
    expect(paths['/v1/things']?.post).toMatchObject({
      'x-permission': 'things:write',
      security: [{ bearer: [] }, { api_key: [] }],
    });
    expect(paths['/v1/things']?.get).toMatchObject({ 'x-permission': 'public' });
    expect(paths['/v1/things']?.get).not.toHaveProperty('security');
  });

  it('promises problem+json for errors, except where the route has a dialect of its own', async () => {
    const { paths } = await describeThings();
    expect(paths['/v1/things']?.post?.responses['default']).toEqual({
      description: 'An error',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    });
    expect(paths['/v1/things/{id}']?.delete?.responses['default']).not.toHaveProperty('content');
  });

  it('says which public route takes the secret of a client, and what its errors look like', async () => {
    @Module({ controllers: [GrantsController] })
    class GrantsModule {}
    const { paths, components } = await describeApi({ service: 'grants', module: GrantsModule });
    const operation = paths['/v1/grants']?.post;
    expect(operation?.security).toEqual(expect.arrayContaining([{ basic: [] }, {}]));
    expect(operation?.responses['default']).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Fault' } } },
    });
    expect(components?.securitySchemes).toEqual({ basic: expect.objectContaining({ type: 'http', scheme: 'basic' }) });
  });

  it('says of a route that limits its callers how it tells them, and how it refuses them', async () => {
    const ratelimit = { $ref: '#/components/headers/ratelimit' };
    @Controller('v1/limited')
    @SetMetadata(limitHeadersMetadata, { ratelimit: 'What is left' })
    class LimitedController {
      @Post()
      @UseErrorDialect(() => ({ contentType: 'application/json', body: '' }), fault)
      @Returns(201, thing)
      create() {
        return {};
      }
    }
    @Module({ controllers: [LimitedController] })
    class LimitedModule {}
    const document = await describeApi({ service: 'limited', module: LimitedModule });
    const { paths, components } = document;
    const responses = paths['/v1/limited']?.post?.responses ?? {};
    expect(responses[201]).toMatchObject({ headers: { ratelimit } });
    expect(responses[201]).not.toHaveProperty('headers.retry-after');
    expect(responses[429]).toMatchObject({
      headers: { ratelimit, 'retry-after': { $ref: '#/components/headers/retry-after' } },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Fault' } } },
    });
    expect(components?.headers).toMatchObject({ ratelimit: { description: 'What is left' } });
    expect((await new Validator().validate({ ...document })).errors).toBeUndefined();
    expect((await describeThings()).paths['/v1/things']?.post?.responses).not.toHaveProperty('429');
  });

  it('has one name for what a wildcard takes', async () => {
    @Module({ controllers: [FilesController] })
    class FilesModule {}
    const document = await describeApi({ service: 'files', module: FilesModule });
    expect(document.paths['/v1/files/{id}']?.get?.parameters).toMatchObject([{ name: 'id', in: 'path' }]);
    expect((await new Validator().validate({ ...document })).errors).toBeUndefined();
  });

  it('refuses two different schemas of one name', async () => {
    @Controller()
    class Impostor {
      @Get()
      @Returns(200, z.strictObject({}).meta({ id: 'Thing' }))
      get() {
        return {};
      }
    }
    @Module({ imports: [ThingsModule], controllers: [Impostor] })
    class Both {}
    await expect(describeApi({ service: 'things', module: Both })).rejects.toThrow('Two schemas have the id Thing');
  });
});
