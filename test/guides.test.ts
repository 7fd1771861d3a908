import { describe, expect, test } from "vitest";
import { controls, guides } from "../rules/guides.ts";
import { rules } from "../rules/index.ts";

/** Rules that a guide asks for, from the catalogue of rules. */
const ASKED_FOR = [
  "api/request-size-unlimited",
  "auth/datastore-without-password",
  "auth/debug-enabled",
  "auth/disabled",
  "auth/key-rotation-disabled",
  "auth/no-access-control",
  "auth/weak-password-hash",
  "auth/weak-password-policy",
  "ci/no-dependency-scan",
  "ci/no-image-scan",
  "ci/no-static-analysis",
  "compose/dev-bind-mount",
  "compose/log-rotation-missing",
  "container/non-root-not-enforced",
  "container/run-as-root",
  "container/unhardened",
  "cors/insecure-origin",
  "cors/localhost-origin",
  "cors/origin-reflected",
  "cors/origins-unset",
  "cors/wildcard-methods",
  "cors/wildcard-origin",
  "database/backup-missing",
  "database/pool-unlimited",
  "database/superuser-account",
  "database/volume-missing",
  "dockerfile/python-env-flags",
  "headers/missing",
  "headers/weak-hsts",
  "image/unpinned-tag",
  "jwt/expiry-unset",
  "jwt/long-expiry",
  "jwt/refresh-token-too-long",
  "jwt/weak-secret",
  "logging/request-body-logged",
  "logging/verbose-level",
  "network/admin-port-exposed",
  "network/app-port-exposed",
  "network/database-port-exposed",
  "network/egress-unrestricted",
  "network/no-segmentation",
  "ratelimit/disabled",
  "ratelimit/in-memory-with-replicas",
  "ratelimit/missing",
  "secrets/basic-auth-url",
  "secrets/default-credential",
  "secrets/env-file-committed",
  "secrets/env-file-in-history",
  "secrets/env-file-in-image",
  "secrets/env-file-not-ignored",
  "secrets/in-build-argument",
  "secrets/in-command-line",
  "secrets/in-env-literal",
  "secrets/manifest-in-repository",
  "secrets/placeholder-left",
  "secrets/provider-key",
  "secrets/reused-value",
  "tls/database-connection-plain",
  "tls/no-https-redirect",
  "tls/plain-upstream-url",
  "tls/public-http",
  "tls/weak-protocol",
];

const named = new Set<string>(controls.flatMap((control) => control.rules));

describe("controls of the guides", () => {
  test("have ids of their own, in the name of their guide", () => {
    expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length);
    for (const { id, guide, text } of controls) {
      expect(id).toMatch(new RegExp(`^${guide}/[a-z0-9]+(-[a-z0-9]+)*$`));
      expect(Object.keys(guides)).toContain(guide);
      expect(text).not.toMatch(/\.$/);
    }
  });

  test("name every rule that a guide asks for, and only those", () => {
    expect([...named].sort()).toEqual([...ASKED_FOR].sort());
  });

  test("name rules that exist", () => {
    const ids = new Set<string>(rules.map(({ meta }) => meta.id));
    expect([...named].filter((id) => !ids.has(id))).toEqual([]);
  });

  test("are named by those rules in turn", () => {
    const asked = new Map<string, string[]>();
    for (const { id, rules: deciding } of controls)
      for (const rule of deciding) asked.set(rule, [...(asked.get(rule) ?? []), id]);
    for (const { meta } of rules) expect([...meta.guides].sort(), meta.id).toEqual((asked.get(meta.id) ?? []).sort());
  });

  test("cover what no linter can decide", () => {
    const byPerson = controls.filter((control) => control.rules.length === 0).map(({ id }) => id);
    expect(byPerson).toEqual(
      expect.arrayContaining([
        "qwed/critical-secrets-rotation",
        "qwed/llm01-human-in-the-loop",
        "qwed/llm02-output-monitoring",
        "qca/api-penetration-tests",
        "qca/incident-contacts",
        "qca/disaster-recovery",
      ]),
    );
  });
});
