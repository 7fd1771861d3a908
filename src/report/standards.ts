/** Public standards that ask for the same as a rule does. */
import type { RuleId } from "../rule.ts";

/**
 * Tag → rules. Numbers of an edition are not those of the next, so each names its edition: OWASP Top 10 for LLM
 * Applications 2026, CIS Docker Benchmark 1.6, CIS Kubernetes Benchmark 1.8. The Kubernetes Hardening Guide of NSA and
 * CISA (1.2) has headings and no numbers.
 */
export const STANDARDS: Readonly<Record<string, readonly RuleId[]>> = {
  // Sensitive Information Disclosure
  "external/owasp/llm02-2026": [
    "logging/request-body-logged",
    "logging/verbose-level",
    "secrets/basic-auth-url",
    "secrets/env-file-committed",
    "secrets/env-file-in-history",
    "secrets/env-file-in-image",
    "secrets/hardcoded-generic",
    "secrets/in-env-literal",
    "secrets/provider-key",
    "secrets/real-value-in-example",
  ],
  // Supply Chain
  "external/owasp/llm04-2026": ["ci/no-dependency-scan", "ci/no-image-scan", "image/unpinned-tag"],
  // Unbounded Consumption
  "external/owasp/llm06-2026": [
    "api/request-size-unlimited",
    "ratelimit/disabled",
    "ratelimit/in-memory-with-replicas",
    "ratelimit/missing",
  ],
  // A user for the container has been created
  "external/cis/docker-1.6-4.1": ["container/non-root-not-enforced", "container/run-as-root"],
  // Secrets are not stored in Dockerfiles
  "external/cis/docker-1.6-4.10": ["secrets/env-file-in-image", "secrets/in-build-argument"],
  // No SSH within containers
  "external/cis/docker-1.6-5.7": ["network/ssh-port-exposed"],
  // No privileged ports mapped
  "external/cis/docker-1.6-5.8": ["network/privileged-port-bound"],
  // Only needed ports are open
  "external/cis/docker-1.6-5.9": [
    "network/admin-port-exposed",
    "network/app-port-exposed",
    "network/database-port-exposed",
  ],
  // Incoming traffic is bound to a specific host interface
  "external/cis/docker-1.6-5.14": [
    "network/admin-port-exposed",
    "network/app-port-exposed",
    "network/database-port-exposed",
    "network/override-keeps-published-port",
    "network/port-on-all-interfaces",
  ],
  // Root containers are not admitted
  "external/cis/kubernetes-1.8-5.2.7": ["container/non-root-not-enforced", "container/run-as-root"],
  // Namespaces have NetworkPolicies
  "external/cis/kubernetes-1.8-5.3.2": ["network/egress-unrestricted"],
  // Pods and containers have a SecurityContext
  "external/cis/kubernetes-1.8-5.7.3": ["container/unhardened"],
  "external/nsa/kubernetes-container-security-contexts": ["container/unhardened"],
  "external/nsa/kubernetes-network-policies": ["network/egress-unrestricted"],
  "external/nsa/kubernetes-non-root-containers": ["container/non-root-not-enforced", "container/run-as-root"],
  "external/nsa/kubernetes-secrets": ["secrets/in-configmap", "secrets/manifest-in-repository"],
};

/** Tags of the standards that ask for what a rule checks. */
export const standardsOf = (rule: RuleId): readonly string[] =>
  Object.keys(STANDARDS).filter((tag) => STANDARDS[tag]!.includes(rule));
