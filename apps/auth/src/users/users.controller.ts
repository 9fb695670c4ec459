import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  createUserRequest,
  pageQuery,
  updateUserRequest,
  user,
  userPage,
  type CreateUserRequest,
  type Identity,
  type PageQuery,
  type UpdateUserRequest,
  type User,
  type UserPage,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { MembersService } from './members.service.js';
import { UnlocksService } from './unlocks.service.js';
import { UsersService } from './users.service.js';

@Controller('v1/users')
@RateLimited()
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly members: MembersService,
    private readonly unlocks: UnlocksService,
  ) {}

  @Post()
  @Permit('users:write')
  @ApiOperation({ summary: 'Make a user a member of the tenant, with an account if the address has none' })
  @Returns(201, user)
  create(@Caller() caller: Identity, @Body({ schema: createUserRequest }) body: CreateUserRequest): Promise<User> {
    return this.users.create(caller, body);
  }

  @Get()
  @Permit('users:read')
  @ApiOperation({ summary: 'List the users of the tenant, newest first' })
  @Returns(200, userPage)
  list(@Caller() caller: Identity, @Query({ schema: pageQuery }) query: PageQuery): Promise<UserPage> {
    return this.users.list(caller, query);
  }

  @Get(':id')
  @Permit('users:read')
  @ApiOperation({ summary: 'A user of the tenant' })
  @Returns(200, user)
  get(@Caller() caller: Identity, @Param('id', { schema: z.uuid() }) id: string): Promise<User> {
    return this.users.get(caller, id);
  }

  @Patch(':id')
  @Permit('users:write')
  @ApiOperation({ summary: 'Change the role and permissions of a user' })
  @Returns(200, user)
  update(
    @Caller() caller: Identity,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: updateUserRequest }) body: UpdateUserRequest,
  ): Promise<User> {
    return this.members.change(caller, id, body);
  }

  @Delete(':id')
  @Permit('users:write')
  @ApiOperation({ summary: 'Remove a user from the tenant, with their logins and API keys' })
  @Returns(204)
  remove(@Caller() caller: Identity, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.members.remove(caller, id);
  }

  @Post(':id/unlock')
  @Permit('users:write')
  @ApiOperation({ summary: 'Let a user who gave too many wrong passwords log in again at once' })
  @Returns(204)
  unlock(@Caller() caller: Identity, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.unlocks.unlock(caller, id);
  }
}
