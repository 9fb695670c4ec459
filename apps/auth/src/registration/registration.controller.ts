import { Body, Controller, Ip, Post, UseGuards } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { registerRequest, registration, type RegisterRequest, type Registration } from '@parley/contracts';
import { Public } from '@parley/identity';
import { Returns } from '@parley/service-kit';
import { RegistrationAddressGuard } from './registration-address.guard.js';
import { RegistrationService } from './registration.service.js';

@Controller('v1/auth/register')
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  @Post()
  @Public()
  @UseGuards(RegistrationAddressGuard)
  @ApiOperation({ summary: 'Register, with a tenant of one’s own or by an invitation' })
  @Returns(201, registration)
  register(@Body({ schema: registerRequest }) body: RegisterRequest, @Ip() address: string): Promise<Registration> {
    return this.registration.register(body, address);
  }
}
