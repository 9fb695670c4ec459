import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorAnswers } from './error-answers.js';

/** Brings everything that is thrown, by controllers, guards, pipes and Fastify itself, to `ErrorAnswers`. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly answers: ErrorAnswers) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answers.send(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
