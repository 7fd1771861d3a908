/**
 * What of the model each rule is about: a fix changes nothing else. `containers[].user` is that fact of every container,
 * `overrides` is all there is about overrides. A rule without a row changes nothing that the model says.
 */
export const ASPECTS: Readonly<Record<string, readonly string[]>> = {
  "api/request-size-unlimited": ["variables[].value", "containers[].labels[].value", "settings.requestSize"],
  "auth/debug-enabled": ["variables[].value", "containers[].command", "stages[].instructions", "settings.debug"],
  "auth/weak-password-policy": ["variables[].value", "settings.passwordMinLength"],
  "compose/log-rotation-missing": ["containers[].logRotation"],
  "container/non-root-not-enforced": [
    "containers[].user",
    "containers[].runAsNonRoot",
    "stages[].user",
    "stages[].account",
    "stages[].instructions",
  ],
  // A number that should have been a text is put right on the way.
  "container/run-as-root": [
    "containers[].user",
    "stages[].user",
    "stages[].account",
    "stages[].instructions",
    "problems",
  ],
  "container/unhardened": [
    "containers[].privilegeEscalation",
    "containers[].readOnlyRoot",
    "containers[].capabilitiesAdded",
    "containers[].capabilitiesDropped",
    "containers[].defaultCapabilities",
    "containers[].needs",
    "containers[].seccomp",
    "mounts",
  ],
  "cors/insecure-origin": [
    "variables[].value",
    "references[].fallback",
    "cors[].origins",
    "edges[].headers[].value",
    "containers[].labels[].value",
  ],
  "cors/wildcard-methods": [
    "variables[].value",
    "cors[].methods",
    "edges[].headers[].value",
    "containers[].labels[].value",
  ],
  "dockerfile/python-env-flags": ["variables", "stages[].instructions"],
  "env/dialect-divergence": ["envFiles[].lines"],
  "env/example-drift": ["variables", "credential", "envFiles[].lines"],
  // Whatever the lost value decided.
  "env/key-duplicate": ["variables", "envFiles[].lines", "overwritten", "settings.logLevel"],
  // The name is what other facts are known by.
  "env/key-invalid-delimiter": ["variables", "envFiles[].lines", "urls"],
  "env/key-invalid-start": ["variables", "envFiles[].lines"],
  "env/key-without-value": ["variables[].value", "credential[].kind", "envFiles[].lines[].readings"],
  "env/quotes-missing": ["envFiles[].lines[].quote"],
  "headers/missing": ["edges[].headers", "edges[].dropsHeaders", "edges[].middleware", "containers[].labels"],
  "headers/weak-hsts": ["edges[].headers[].value", "applications[].headers[].value"],
  "image/unpinned-tag": ["images[].tag", "images[].digest"],
  "jwt/expiry-unset": ["tokens[].lifetime", "reads[].fallback"],
  "jwt/long-expiry": [
    "variables[].value",
    "references[].fallback",
    "tokens[].lifetime",
    "tokens[].unit",
    "stages[].instructions",
  ],
  "k8s/api-version-deprecated": ["objects[].apiVersion", "objects[].retired"],
  "logging/verbose-level": [
    "variables[].value",
    "references[].fallback",
    "containers[].command",
    "stages[].instructions",
    "settings.logLevel",
  ],
  "network/admin-port-exposed": ["ports"],
  "network/app-port-exposed": ["ports"],
  "network/database-port-exposed": ["ports", "overrides"],
  "network/egress-unrestricted": ["files", "objects", "roles"],
  "network/override-keeps-published-port": ["ports", "overrides"],
  "network/port-on-all-interfaces": ["ports[].reach", "ports[].host"],
  "network/ssh-port-exposed": ["ports", "stages[].instructions"],
  // A value moves to a file of its own; that containers go on getting it is what test/fix-moves.test.ts shows.
  "secrets/basic-auth-url": ["files", "envFiles", "variables", "references", "credential", "urls"],
  "secrets/env-file-in-image": ["files", "stages[].copiedEnvFiles"],
  "secrets/env-file-not-ignored": ["files"],
  "secrets/in-env-literal": ["files", "envFiles", "variables", "references", "credential", "urls"],
  "secrets/missing-dollar-escape": ["variables[].value", "references", "unsetVariables", "envFiles[].lines[].quote"],
  "suppression/unused": ["suppressions"],
  "tls/database-connection-plain": ["variables[].value", "urls[].at", "urls[].parameters", "reads[].fallback"],
  "tls/plain-upstream-url": ["variables[].value", "references[].fallback", "urls[].at", "urls[].scheme", "urls[].port"],
  "tls/weak-protocol": ["edges[].protocols"],
};

/** True if `row` names the aspect or what holds it. */
export const covers = (row: string, aspect: string): boolean =>
  aspect.startsWith(row) && /^(?:$|[.[])/.test(aspect.slice(row.length));
