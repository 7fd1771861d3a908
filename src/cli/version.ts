declare const QWED_HARDEN_VERSION: string | undefined;

/** As in package.json, put in by the build; "0.0.0-source" where the sources run by themselves. */
export const version: string = typeof QWED_HARDEN_VERSION === "string" ? QWED_HARDEN_VERSION : "0.0.0-source";
