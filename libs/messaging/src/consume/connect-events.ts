import { Catch, type INestApplication, type RpcExceptionFilter } from '@nestjs/common';
import type { MicroserviceOptions, NestMicroservice } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import { EventsTransport } from './events-transport.js';

/** Nest's own filter would replace the error by "Internal server error"; the transport decides by what it really was. */
@Catch()
class KeepError implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Puts the events transport under an application; call it once the modules are built, before the application starts. */
export async function connectEvents(app: INestApplication): Promise<void> {
  const microservice = app.connectMicroservice<MicroserviceOptions>(
    { strategy: app.get(EventsTransport) },
    { deferInitialization: true },
  );
  microservice.useGlobalFilters(new KeepError());
  // The application runs the lifecycle hooks; the microservice would run them a second time.
  (microservice as unknown as NestMicroservice).setIsInitHookCalled(true);
  await app.startAllMicroservices();
}
