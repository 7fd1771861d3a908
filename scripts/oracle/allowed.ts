/**
 * What of a document each rule is about: its fix may change that, all below it, and nothing else. `*` is any key or item,
 * `**` in front any place.
 */
import type { RuleId } from "../../src/rule.ts";

export type Allowed = Readonly<Partial<Record<RuleId, readonly string[]>>>;

/** The project as compose-go has it once variables are filled in: a credential that moves to .env changes nothing. */
export const COMPOSE: Allowed = {
  "api/request-size-unlimited": ["services.*.environment", "services.*.labels"],
  "auth/debug-enabled": ["services.*.command", "services.*.environment"],
  "auth/weak-password-policy": ["services.*.environment"],
  "compose/log-rotation-missing": ["services.*.logging"],
  "container/non-root-not-enforced": ["services.*.user"],
  "container/run-as-root": ["services.*.user"],
  "container/unhardened": [
    "services.*.cap_add",
    "services.*.cap_drop.[ALL]",
    "services.*.read_only",
    "services.*.security_opt.[no-new-privileges:true]",
    "services.*.tmpfs",
  ],
  "cors/insecure-origin": ["services.*.environment", "services.*.labels"],
  "cors/wildcard-methods": ["services.*.environment", "services.*.labels"],
  // Where programs that read the same file do not agree, the one that is no engine of containers is right.
  "env/dialect-divergence": ["services.*.environment"],
  // A name without a value is an empty value.
  "env/key-without-value": ["services.*.environment"],
  "headers/missing": ["services.*.labels"],
  "image/unpinned-tag": ["services.*.image"],
  "jwt/long-expiry": ["services.*.environment"],
  "logging/verbose-level": ["services.*.command", "services.*.environment"],
  "network/admin-port-exposed": ["services.*.ports.*.host_ip"],
  "network/app-port-exposed": ["services.*.ports.*.host_ip"],
  "network/database-port-exposed": ["services.*.expose", "services.*.ports"],
  "network/override-keeps-published-port": ["services.*.ports"],
  "network/port-on-all-interfaces": ["services.*.ports.*.host_ip"],
  "network/ssh-port-exposed": ["services.*.ports.*.host_ip"],
  // The password of a URL moves to a .env that is the service's env_file, too.
  "secrets/basic-auth-url": ["services.*.environment.DATABASE_PASSWORD"],
  // What interpolation swallowed is there again.
  "secrets/missing-dollar-escape": ["services.*.environment"],
  "tls/database-connection-plain": ["services.*.environment"],
  "tls/plain-upstream-url": ["services.*.environment"],
};

const VALUES = ["data", "**.env.*.value"];
const MOVED = ["**.env.*.value", "**.env.*.valueFrom.secretKeyRef"];
const INSIDE_ALONE = ["spec.type", "spec.ports.*.nodePort"];

/** Objects as the API server decodes them, without defaults. */
export const KUBERNETES: Allowed = {
  "api/request-size-unlimited": ["data", "metadata.annotations"],
  "auth/debug-enabled": ["**.command", "**.env.*.value"],
  "auth/weak-password-policy": ["data"],
  "container/non-root-not-enforced": ["**.securityContext.runAsNonRoot", "**.securityContext.runAsUser"],
  "container/run-as-root": ["**.securityContext.runAsUser"],
  "container/unhardened": [
    "**.securityContext.allowPrivilegeEscalation",
    "**.securityContext.capabilities.add",
    "**.securityContext.capabilities.drop.[ALL]",
    "**.securityContext.readOnlyRootFilesystem",
    "**.securityContext.seccompProfile",
    "**.volumeMounts",
    "**.volumes",
  ],
  "cors/insecure-origin": ["data", "metadata.annotations"],
  "cors/wildcard-methods": ["metadata.annotations"],
  "headers/missing": ["metadata.annotations"],
  "headers/weak-hsts": ["metadata.annotations"],
  "image/unpinned-tag": ["**.containers.*.image"],
  "jwt/long-expiry": ["**.env.*.value"],
  "k8s/api-version-deprecated": ["apiVersion"],
  "logging/verbose-level": ["**.args", ...VALUES],
  "network/admin-port-exposed": INSIDE_ALONE,
  "network/app-port-exposed": ["**.containers.*.ports.*.hostPort", ...INSIDE_ALONE],
  "network/database-port-exposed": [
    "**.containers.*.ports.*.hostPort",
    "spec.externalTrafficPolicy",
    "spec.loadBalancerIP",
    "spec.loadBalancerSourceRanges",
    ...INSIDE_ALONE,
  ],
  "network/ssh-port-exposed": INSIDE_ALONE,
  "secrets/basic-auth-url": MOVED,
  "secrets/in-env-literal": MOVED,
  "tls/database-connection-plain": ["**.env.*.value"],
  "tls/plain-upstream-url": VALUES,
};

const [USER, RUN, ENV, CMD] = ["USER", "RUN", "ENV", "CMD"].map((name) => `stages.*.instructions.${name}`);
const NON_ROOT = [USER!, RUN!, "stages.*.image.User"];

/** Stages as BuildKit has them: instructions as written, RUN with its user, and the configuration of the image. */
export const DOCKERFILE: Allowed = {
  "auth/debug-enabled": [CMD!, ENV!, "stages.*.image.Cmd", "stages.*.image.Env"],
  "container/non-root-not-enforced": NON_ROOT,
  "container/run-as-root": NON_ROOT,
  "dockerfile/python-env-flags": [
    ...["PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1"].flatMap((pair) => [
      `${ENV}.[ENV ${pair}]`,
      `stages.*.image.Env.[${pair}]`,
    ]),
  ],
  "jwt/long-expiry": [ENV!, "stages.*.image.Env"],
  "logging/verbose-level": [CMD!, ENV!, "stages.*.image.Cmd", "stages.*.image.Env"],
  "network/ssh-port-exposed": ["stages.*.instructions.EXPOSE"],
};
