const { transformSync } = require('esbuild');

/** ts-jest needs a compiler API that TypeScript 7 no longer has; types are checked by `tsc`. */
module.exports = {
  process(source, file) {
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node24',
      sourcemap: 'both',
      sourcefile: file,
    });
    return { code, map };
  },
};
