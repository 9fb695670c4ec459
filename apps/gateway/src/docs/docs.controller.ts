import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Public } from '@parley/identity';
import { DocsService } from './docs.service.js';

@Public()
@Controller()
export class DocsController {
  constructor(private readonly docs: DocsService) {}

  /** OpenAPI 3.1 of every public route of every service. */
  @Get('openapi.json')
  @ApiOperation({ summary: 'This reference as OpenAPI 3.1' })
  @ApiOkResponse({ description: 'The document', content: { 'application/json': { schema: { type: 'object' } } } })
  @Header('content-type', 'application/json; charset=utf-8')
  document(): Promise<string> {
    return this.docs.document();
  }
}
