// ESM TypeScript names its imports by the compiled file: `./x.js` is x.ts in our sources. Packages are left alone.
const extensionAlias = { '.js': ['.ts', '.js'] };

module.exports = (request, options) =>
  options.defaultResolver(request, options.basedir.includes('node_modules') ? options : { ...options, extensionAlias });
