import swcJest from '@swc/jest';

// What swc writes to export a name: a getter, which no line of the source stands for.
const EXPORTS = /^(?:_export\(exports, |Object\.defineProperty\(exports, "(?!__esModule))/gm;

/**
 * TypeScript to CommonJS by swc, whose own additions are not measured: else an exported constant that no test imports would count as
 * an untested function.
 */
function createTransformer(options) {
  const swc = swcJest.createTransformer(options);
  return {
    ...swc,
    process(text, file, settings) {
      const result = swc.process(text, file, settings);
      return { ...result, code: result.code.replace(EXPORTS, '/* istanbul ignore next */ $&') };
    },
    getCacheKey: (...args) => `${swc.getCacheKey(...args)}-unmeasured-exports`,
  };
}

export default { createTransformer };
