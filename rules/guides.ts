/**
 * Every control of both guides as data, in the order of the guides, those that no linter can decide among them.
 * A rule names the controls that ask for it in `meta.guides`; `rules` here is the other direction.
 */
import type { Control, RuleId } from "../src/rule.ts";
import * as evidence from "./evidence.ts";

export type GuideName = "qwed" | "qca";

export const guides: Readonly<Record<GuideName, string>> = {
  qwed: "QWED Security Hardening Guide",
  qca: "QCA Security Configuration Guide",
};

type Row = Omit<Control, "id" | "guide" | "section" | "rules"> & {
  readonly id: string;
  readonly rules?: readonly RuleId[];
};
type Section = readonly [title: string, rows: readonly Row[]];

const QWED: readonly Section[] = [
  [
    "1. Secret Management",
    [
      {
        id: "secret-management",
        text: "No .env file with values is committed or copied into an image",
        rules: [
          "secrets/env-file-committed",
          "secrets/env-file-in-history",
          "secrets/env-file-in-image",
          "secrets/env-file-not-ignored",
        ],
        evidence: evidence.ignoredEnvFiles,
      },
    ],
  ],
  [
    "1. Secret Management: Environment Variable Injection",
    [
      {
        id: "environment-variable-injection",
        text: "Secrets are injected by the infrastructure and are not written into the deployment",
        rules: ["secrets/in-env-literal"],
        evidence: evidence.any(evidence.secretReferences, evidence.credentialReferences),
      },
      {
        id: "docker-kubernetes",
        text: "Containers take secrets from Kubernetes Secrets or Vault, and no manifest carries the values",
        rules: ["secrets/manifest-in-repository"],
        evidence: evidence.any(evidence.secretReferences, evidence.secretStores),
        applies: evidence.hasContainers,
      },
      {
        id: "vault-integration",
        text: "Where Vault is used, envconsul or the Agent Injector fills the environment before the application starts",
        evidence: evidence.vaultReferences,
        applies: (model) => evidence.vaultReferences(model).length > 0,
      },
    ],
  ],
  [
    "1. Secret Management: Critical Secrets",
    [
      {
        id: "critical-secrets",
        text: "Provider keys, signing secrets and database URLs are strong, distinct and not written out",
        rules: ["jwt/weak-secret", "secrets/basic-auth-url", "secrets/provider-key", "secrets/reused-value"],
        evidence: evidence.any(evidence.secretReferences, evidence.signingSecrets),
      },
      {
        id: "critical-secrets-rotation",
        text: "Provider keys, signing secrets and database passwords are rotated regularly",
      },
    ],
  ],
  [
    "2. Network Security: Firewall Rules",
    [
      {
        id: "firewall-public-access",
        text: "The public reaches ports 80 and 443 of a load balancer or WAF and nothing else",
        rules: ["network/admin-port-exposed"],
        evidence: evidence.any(evidence.tlsEdges, evidence.unpublishedConsoles),
        applies: evidence.hasContainers,
      },
      {
        id: "firewall-internal-access",
        text: "The application port (8000) is not exposed to the internet",
        rules: ["network/app-port-exposed"],
        evidence: evidence.unpublishedApplications,
        applies: evidence.hasContainers,
      },
      {
        id: "firewall-database",
        text: "Only the application reaches the database port (5432)",
        rules: ["network/database-port-exposed"],
        evidence: evidence.unpublishedDatastores,
        applies: evidence.hasDatastore,
      },
    ],
  ],
  [
    "2. Network Security: Rate Limiting",
    [
      {
        id: "rate-limiting",
        text: "Requests are limited, with limits tuned for production",
        rules: ["ratelimit/disabled", "ratelimit/missing"],
        evidence: evidence.rateLimits,
      },
      {
        id: "redis-backing",
        text: "The limiter keeps its counts in Redis where several workers or replicas serve",
        rules: ["ratelimit/in-memory-with-replicas"],
        evidence: evidence.sharedRateLimits,
      },
    ],
  ],
  [
    "2. Network Security: CORS Configuration",
    [
      {
        id: "cors-configuration",
        text: "CORS_ALLOWED_ORIGINS lists trusted domains and never the wildcard",
        rules: ["cors/wildcard-origin", "cors/localhost-origin", "cors/origins-unset"],
        evidence: evidence.corsAllowLists,
      },
    ],
  ],
  [
    "3. Authentication Hardening: API Key Rotation",
    [
      {
        id: "api-key-rotation",
        text: "API keys are rotated regularly",
        rules: ["auth/key-rotation-disabled"],
        evidence: evidence.keyRotation,
      },
      { id: "api-key-revocation", text: "Old keys are revoked as soon as the rotation window ends" },
    ],
  ],
  [
    "3. Authentication Hardening: Password Policies",
    [
      {
        id: "password-length",
        text: "Passwords have at least 12 characters",
        rules: ["auth/weak-password-policy"],
        evidence: evidence.passwordLength,
      },
      { id: "password-complexity", text: "Passwords mix upper case, lower case, numbers and special characters" },
      {
        id: "password-hashing",
        text: "Passwords are hashed with bcrypt",
        rules: ["auth/weak-password-hash"],
        evidence: evidence.passwordHash,
      },
    ],
  ],
  [
    "3. Authentication Hardening: Session Management",
    [
      {
        id: "session-management",
        text: "Access tokens expire within 30 minutes",
        rules: ["jwt/long-expiry", "jwt/expiry-unset"],
        evidence: evidence.shortTokens,
      },
      {
        id: "refresh-tokens",
        text: "Refresh tokens, where they are needed, expire too",
        rules: ["jwt/refresh-token-too-long"],
        evidence: evidence.refreshTokens,
      },
    ],
  ],
  [
    "4. OWASP LLM Top 10: LLM01 and LLM02",
    [
      { id: "llm01-human-in-the-loop", text: "A person approves critical actions; verification alone does not" },
      { id: "llm02-output-monitoring", text: "Verified outputs are logged and audited at random" },
    ],
  ],
  [
    "4. OWASP LLM Top 10: LLM05 Supply Chain Vulnerabilities",
    [
      {
        id: "llm05-network-isolation",
        text: "The backend reaches no outside address but the APIs of its LLM providers",
        rules: ["network/egress-unrestricted"],
        evidence: evidence.any(evidence.internalNetworks, evidence.networkPolicies),
        applies: evidence.hasContainers,
      },
      {
        id: "llm05-dependency-scanning",
        text: "The deployed container is scanned regularly for vulnerable packages",
        rules: ["ci/no-dependency-scan", "ci/no-image-scan"],
        evidence: evidence.any(evidence.imageScan, evidence.dependencyScan),
      },
    ],
  ],
  [
    "4. OWASP LLM Top 10: LLM06 Sensitive Information Disclosure",
    [
      {
        id: "llm06-data-minimization",
        text: "Personal data is masked before it reaches the API, and nothing logs request bodies",
        rules: ["logging/request-body-logged"],
      },
    ],
  ],
];

const QCA: readonly Section[] = [
  [
    "Current Development Setup",
    [
      {
        id: "development-setup",
        text: "Nothing that is meant for development only runs in production",
        rules: ["auth/debug-enabled", "compose/dev-bind-mount"],
        evidence: evidence.debugOff,
      },
    ],
  ],
  [
    "Critical 1. CORS Configuration",
    [
      {
        id: "cors-configuration",
        text: "CORS allows specific domains and specific methods",
        rules: ["cors/wildcard-origin", "cors/origin-reflected", "cors/wildcard-methods"],
        evidence: evidence.corsAllowLists,
      },
    ],
  ],
  [
    "Critical 2. Database Credentials",
    [
      {
        id: "database-credentials",
        text: "Database credentials come from variables and secrets, not from docker-compose.yml",
        rules: ["secrets/basic-auth-url", "secrets/default-credential", "secrets/in-env-literal"],
        evidence: evidence.any(evidence.credentialReferences, evidence.secretReferences),
        applies: evidence.hasDatastore,
      },
    ],
  ],
  [
    "Critical 3. Authentication and Authorization",
    [
      {
        id: "authentication",
        text: "Endpoints and data stores ask who is calling",
        rules: ["auth/disabled", "auth/no-access-control", "auth/datastore-without-password"],
        evidence: evidence.authentication,
      },
    ],
  ],
  [
    "Critical 4. OpenAI API Key Exposure",
    [
      {
        id: "openai-api-key-exposure",
        text: "Provider keys live in a secret manager, out of logs, command lines and configuration",
        rules: ["secrets/provider-key", "secrets/in-env-literal", "secrets/in-command-line", "logging/verbose-level"],
        evidence: evidence.secretReferences,
      },
    ],
  ],
  [
    "Critical 5. HTTPS and TLS",
    [
      {
        id: "https-tls",
        text: "A reverse proxy serves everything over HTTPS",
        rules: [
          "tls/public-http",
          "tls/no-https-redirect",
          "tls/plain-upstream-url",
          "tls/weak-protocol",
          "cors/insecure-origin",
        ],
        evidence: evidence.tlsEdges,
      },
    ],
  ],
  [
    "Recommended Production Architecture",
    [
      {
        id: "production-architecture",
        text: "The application stands behind a load balancer or reverse proxy",
        rules: ["network/app-port-exposed"],
        evidence: evidence.proxies,
      },
      { id: "web-application-firewall", text: "A WAF filters requests in front of the application" },
    ],
  ],
  [
    "Security Headers to Add",
    [
      {
        id: "security-headers",
        text: "Responses carry X-Content-Type-Options, X-Frame-Options and Strict-Transport-Security for a year",
        rules: ["headers/missing", "headers/weak-hsts"],
        evidence: evidence.securityHeaders,
      },
    ],
  ],
  [
    "Database Security 1. Connection Security",
    [
      {
        id: "database-connection-tls",
        text: "Database connections use TLS",
        rules: ["tls/database-connection-plain"],
        evidence: evidence.databaseTls,
        applies: evidence.hasDatastore,
      },
      {
        id: "database-connection-pool",
        text: "Connection pools have an upper bound",
        rules: ["database/pool-unlimited"],
        evidence: evidence.poolSize,
        applies: evidence.hasDatastore,
      },
      {
        id: "database-least-privilege",
        text: "The application is no superuser, and reads go through a read-only user",
        rules: ["database/superuser-account"],
        applies: evidence.hasDatastore,
      },
    ],
  ],
  [
    "Database Security 2. Data Protection",
    [
      { id: "encryption-at-rest", text: "Sensitive data is encrypted at rest", applies: evidence.hasDatastore },
      { id: "field-encryption", text: "Personal data is encrypted field by field", applies: evidence.hasDatastore },
      { id: "database-audits", text: "Data protection is audited regularly", applies: evidence.hasDatastore },
    ],
  ],
  [
    "API Security 1. Rate Limiting",
    [
      {
        id: "rate-limiting",
        text: "Endpoints limit how often one caller may call",
        rules: ["ratelimit/missing", "ratelimit/disabled"],
        evidence: evidence.rateLimits,
      },
    ],
  ],
  [
    "API Security 2. Input Validation",
    [
      { id: "input-validation", text: "Every request is validated against a schema (Pydantic)" },
      {
        id: "input-length",
        text: "String fields and requests have a maximum size",
        rules: ["api/request-size-unlimited"],
        evidence: evidence.requestSize,
      },
      { id: "file-uploads", text: "Uploaded files are sanitized" },
    ],
  ],
  [
    "API Security 3. SQL Injection Prevention",
    [
      { id: "sql-orm", text: "Queries go through the ORM and raw SQL is avoided", applies: evidence.hasDatastore },
      {
        id: "sql-parameters",
        text: "Raw queries, where they are needed, take parameters",
        applies: evidence.hasDatastore,
      },
    ],
  ],
  [
    "Environment Configuration",
    [
      {
        id: "environment-placeholders",
        text: "Every placeholder of the .env template is replaced by a value of its own",
        rules: ["secrets/placeholder-left"],
        evidence: evidence.any(evidence.signingSecrets, evidence.credentialReferences),
      },
      {
        id: "environment-signing-secrets",
        text: "API_SECRET_KEY and JWT_SECRET_KEY are long and random",
        rules: ["jwt/weak-secret"],
        evidence: evidence.signingSecrets,
      },
      {
        id: "environment-token-lifetime",
        text: "The lifetime of tokens is set",
        rules: ["jwt/long-expiry"],
        evidence: evidence.shortTokens,
      },
      {
        id: "environment-request-size",
        text: "MAX_REQUEST_SIZE limits requests",
        rules: ["api/request-size-unlimited"],
        evidence: evidence.requestSize,
      },
    ],
  ],
  [
    "Monitoring and Logging 1. Security Events to Log",
    [
      {
        id: "logging-level",
        text: "Logs of a deployment hold events and no debugging output with secrets in it",
        rules: ["logging/verbose-level"],
        evidence: evidence.quietLog,
      },
      { id: "log-authentication", text: "Authentication attempts are logged" },
      { id: "log-authorization", text: "Authorization failures are logged" },
      { id: "log-rate-limits", text: "Exceeded rate limits are logged" },
      { id: "log-data-access", text: "Unusual patterns of data access are logged" },
      { id: "log-errors", text: "System errors are logged" },
    ],
  ],
  [
    "Monitoring and Logging 2. Log Management",
    [
      { id: "log-centralized", text: "Logs are collected in one place (ELK, Splunk)" },
      {
        id: "log-rotation",
        text: "Logs are rotated and kept for a set time",
        rules: ["compose/log-rotation-missing"],
        evidence: evidence.logRotation,
        applies: evidence.hasCompose,
      },
      { id: "log-alerts", text: "Security events raise alerts" },
    ],
  ],
  [
    "Deployment Security 1. Container Security",
    [
      {
        id: "image-versions",
        text: "Images have specific versions, not latest",
        rules: ["image/unpinned-tag"],
        evidence: evidence.pinnedImages,
        applies: evidence.hasContainers,
      },
      {
        id: "non-root-user",
        text: "Containers run as a user of their own",
        rules: ["container/run-as-root", "container/non-root-not-enforced"],
        evidence: evidence.nonRootUsers,
        applies: evidence.hasContainers,
      },
      {
        id: "python-environment",
        text: "Python images set PYTHONDONTWRITEBYTECODE and PYTHONUNBUFFERED",
        rules: ["dockerfile/python-env-flags"],
        evidence: evidence.pythonFlags,
        applies: evidence.hasPython,
      },
      {
        id: "deployment-container-security",
        text: "Containers are hardened: no new privileges, few capabilities, read-only root, limits",
        rules: ["container/unhardened"],
        evidence: evidence.hardening,
        applies: evidence.hasContainers,
      },
    ],
  ],
  [
    "Deployment Security 2. Secrets Management",
    [
      {
        id: "deployment-secrets",
        text: "Containers take secrets from Docker secrets or Kubernetes Secrets, builds take none as arguments",
        rules: ["secrets/in-build-argument"],
        evidence: evidence.any(evidence.secretReferences, evidence.secretStores, evidence.mountedSecrets),
        applies: evidence.hasContainers,
      },
      {
        id: "secrets-as-files",
        text: "Sensitive data is mounted and not passed through the environment",
        evidence: evidence.mountedSecrets,
        applies: evidence.hasContainers,
      },
      { id: "secret-rotation", text: "Secrets are rotated" },
    ],
  ],
  [
    "Deployment Security 3. Network Security",
    [
      {
        id: "private-networks",
        text: "Internal communication stays on private networks",
        rules: ["network/database-port-exposed"],
        evidence: evidence.any(evidence.internalNetworks, evidence.unpublishedDatastores),
        applies: evidence.hasContainers,
      },
      {
        id: "network-segmentation",
        text: "The network is segmented, the database away from the public side",
        rules: ["network/no-segmentation"],
        evidence: evidence.any(evidence.internalNetworks, evidence.networkPolicies),
        applies: evidence.hasContainers,
      },
      { id: "network-scanning", text: "The network is scanned regularly" },
    ],
  ],
  [
    "Compliance and Auditing 1. Audit Trail",
    [
      { id: "audit-modifications", text: "Every modification of data is logged" },
      { id: "audit-users", text: "Actions of users are tracked" },
      { id: "audit-lineage", text: "The origin of data can be traced" },
    ],
  ],
  [
    "Compliance and Auditing 2. Data Protection",
    [
      { id: "privacy-controls", text: "Privacy controls (GDPR) are in place" },
      { id: "data-retention", text: "Data is kept for a set time" },
      { id: "right-to-deletion", text: "Data of a person can be deleted" },
    ],
  ],
  [
    "Security Testing 1. Automated Security Testing",
    [
      {
        id: "dependency-scanning",
        text: "CI scans dependencies (safety)",
        rules: ["ci/no-dependency-scan"],
        evidence: evidence.dependencyScan,
      },
      {
        id: "static-analysis",
        text: "CI analyses source (bandit, semgrep)",
        rules: ["ci/no-static-analysis"],
        evidence: evidence.staticAnalysis,
      },
    ],
  ],
  [
    "Security Testing 2. Penetration Testing",
    [
      { id: "security-assessments", text: "Security is assessed regularly" },
      { id: "api-penetration-tests", text: "The API is tested for vulnerabilities" },
      { id: "infrastructure-review", text: "The infrastructure is reviewed" },
    ],
  ],
  [
    "Incident Response 1. Security Incident Plan",
    [
      { id: "incident-detection", text: "Procedures to detect incidents are written down" },
      { id: "incident-contacts", text: "The response team and its contacts are known" },
      { id: "incident-communication", text: "Templates for communication are ready" },
      { id: "incident-recovery", text: "Procedures for recovery are written down" },
    ],
  ],
  [
    "Incident Response 2. Backup and Recovery",
    [
      {
        id: "backups",
        text: "Data is kept on volumes and backed up regularly, encrypted",
        rules: ["database/backup-missing", "database/volume-missing"],
        applies: evidence.hasDatastore,
      },
      { id: "disaster-recovery", text: "Recovery from a disaster is tested" },
      { id: "business-continuity", text: "Business continuity is planned" },
    ],
  ],
  [
    "Implementation Priority: Ongoing",
    [
      { id: "security-audits", text: "Security is audited regularly" },
      { id: "dependency-updates", text: "Dependencies are kept up to date" },
      { id: "security-training", text: "The team is trained in security" },
      { id: "incident-drills", text: "Incident response is practised" },
    ],
  ],
];

const controlsOf = (guide: GuideName, sections: readonly Section[]): readonly Control[] =>
  sections.flatMap(([section, rows]) =>
    rows.map((row): Control => ({ rules: [], ...row, id: `${guide}/${row.id}`, guide, section })),
  );

export const controls: readonly Control[] = [...controlsOf("qwed", QWED), ...controlsOf("qca", QCA)];
