/**
 * Engine that is fetched or built where none is installed. From 3.230 on the engine starts Node policy packs
 * through a language host that the Go module proxy does not serve, so 3.220 is the newest that builds whole.
 */
export const ENGINE_VERSION = '3.220.0';

/** Oldest engine on PATH that is taken as it is: the first tried with this program, which needs `Stash` of it. */
export const OLDEST_ENGINE = '3.220.0';

/** Newest Node language host whose source the Go module proxy serves. */
export const LANGUAGE_HOST_VERSION = '3.60.0';
