import { connectEvents } from '@parley/messaging';
import { bootstrap, loadConfig, Log, orExit } from '@parley/service-kit';
import { AppModule, description, service } from './app.module.js';
import { config as schema } from './config.js';
import { serveReference } from './docs/reference.js';
import { errorDialects } from './dialects/error-dialects.js';
import { EdgeServer } from './edge/edge.server.js';

const config = loadConfig(schema);
await bootstrap({
  service,
  description,
  module: orExit(() => AppModule.forRoot(config)),
  config,
  errorDialects,
  onApplication: async (app) => {
    await connectEvents(app);
    await serveReference(app);
  },
  afterListen: async ({ app, handle }) => {
    const address = await app.get(EdgeServer).listen(handle);
    if (address !== undefined) app.get(Log).info({ url: address }, 'the embedded edge is listening');
  },
});
