/** In place of modules that the pack never uses; see bundle.cjs. */
module.exports = {};
