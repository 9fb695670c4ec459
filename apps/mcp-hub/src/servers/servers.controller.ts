import { Controller, Get, Param } from '@nestjs/common';
import { mcpServerList, mcpToolList, type McpServer, type McpTool } from '@parley/contracts';
import { Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { McpServers } from './mcp-servers.js';

@RateLimited()
@Controller('v1/mcp/servers')
export class ServersController {
  constructor(private readonly servers: McpServers) {}

  /** The MCP servers, and how they are. */
  @Get()
  @Permit('tools:read')
  @Returns(200, mcpServerList)
  list(): { data: McpServer[] } {
    return { data: this.servers.list() };
  }

  /** The tools of a server; while it is down, those that it had. */
  @Get(':id/tools')
  @Permit('tools:read')
  @Returns(200, mcpToolList)
  tools(@Param('id') id: string): { data: McpTool[] } {
    return { data: this.servers.toolsOf(id) };
  }
}
