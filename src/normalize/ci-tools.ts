/** What tools and actions of continuous integration do. Data only: add a row, not code. */
import type { Pipeline } from "../model.ts";

export type Does = Pipeline["does"][number]["value"];

/** What a step does, and the text by which it is known: each pattern is linear and finds the words that say so. */
export type Known = readonly (readonly [does: readonly Does[], pattern: RegExp])[];

/**
 * Shell commands, matched line by line. A scanner of images also finds the packages inside them. Scripts whose names
 * promise a scan (`make audit`) count: what they run cannot be seen.
 */
export const COMMANDS: Known = [
  [["dependency-scan"], /\b(npm|pnpm|yarn|bun|uv|composer|cargo|poetry)\s+(npm\s+)?audit\b/],
  [
    ["dependency-scan"],
    /\b(npx|pnpx|bunx|pnpm dlx|yarn dlx)\s+(-y\s+|--yes\s+)?(audit-ci|better-npm-audit|retire|snyk|osv-scanner)\b/,
  ],
  [
    ["dependency-scan"],
    /\b(pip-audit|audit-ci|better-npm-audit|osv-scanner|govulncheck|bundler-audit|uv-secure|ossaudit|local-php-security-checker|depscan|dep-scan)\b/,
  ],
  [
    ["dependency-scan"],
    /\bsafety\s+(check|scan|ci)\b|\bbundle\s+audit\b|\bnancy\s+sleuth\b|\bcargo[ -]deny\b|\bmix\s+(deps|hex)\.audit\b/,
  ],
  [["dependency-scan"], /\bdependency-check(\.sh|-maven|:check|:aggregate)?\b|\bdependencyCheck(Analyze|Aggregate)\b/],
  [
    ["dependency-scan"],
    /\bsnyk\s+(test|monitor)\b|\bdotnet\s+list\b.{0,80}--vulnerable\b|\bsymfony\s+(check:security|security:check)\b|\bretire\b\s+--/,
  ],
  [
    ["dependency-scan"],
    /\btrivy\b.{0,120}\s(fs|filesystem|repo|repository|rootfs|sbom)\b|\bgrype\b.{0,80}\s(dir|sbom|file):/,
  ],
  [["dependency-scan"], /\b(jf|jfrog)\s+(rt\s+)?audit\b|\bfossa\s+(analyze|test)\b|\brenovate\b\s*(--|$)/],
  [
    ["image-scan", "dependency-scan"],
    /\btrivy\b.{0,120}\s(image|i)\s|\bsnyk\s+container\s+(test|monitor)\b|\bdocker\s+scout\s+(cves|quickview|recommendations|compare)\b/,
  ],
  [["image-scan", "dependency-scan"], /\bgrype\b(?!.{0,80}\s(dir|sbom|file):|\s+(version|db)\b)\s+(?=[^\s;|&])/],
  [
    ["image-scan"],
    /\bdocker\s+scan\b|\b(clair-scanner|clairctl|anchore-cli|anchorectl|lw-scanner|twistcli)\b|\bwizcli\s+docker\s+scan\b|\bdockle\b/,
  ],
  [["static-analysis"], /\b(semgrep|bandit|gosec|brakeman|njsscan|nodejsscan|horusec|flawfinder|mobsfscan|opengrep)\b/],
  [
    ["static-analysis"],
    /\bsonar-scanner\b|\bsonar:sonar\b|\bgradlew?\b.{0,80}\ssonar(qube)?\b|\bdotnet[ -]sonarscanner\b/,
  ],
  [
    ["static-analysis"],
    /\bcodeql\s+(database\s+analyze|github)\b|\bsnyk\s+code\s+test\b|\bbearer\s+scan\b|--taint-analysis\b|\bfindsecbugs\b/,
  ],
  [["static-analysis"], /\b(checkov|kics|tfsec|terrascan|kubescape)\b|\btrivy\b.{0,120}\s(config|conf)\b/],
  [
    ["secret-scan"],
    /\b(gitleaks|trufflehog3?|detect-secrets|detect-secrets-hook|ggshield|secretlint|noseyparker|kingfisher)\b|\bgit[ -]secrets\b/,
  ],
  [
    ["dependency-scan", "static-analysis"],
    /\b(make|just|task|npm run|pnpm( run)?|yarn( run)?|tox -e|nox -s|rake|hatch run)\s+[\w:.-]{0,40}(audit|security|vuln|sast)/,
  ],
  [
    ["image-build"],
    /\bdocker\s+(image\s+|buildx\s+)?(build|bake)\b|\bdocker[ -]compose\b.{0,160}\sbuild\b|\bdocker[ -]compose\b.{0,160}\s--build\b/,
  ],
  [
    ["image-build"],
    /\/kaniko\/executor\b|\b(buildah|podman)\s+(bud|build)\b|\bko\s+(build|publish|resolve|apply)\b|\bskaffold\s+(build|run)\b|\bpack\s+build\b|\bnerdctl\s+build\b/,
  ],
  [
    ["image-build"],
    /\bjib:(build|dockerBuild)\b|\bgradlew?\b.{0,80}\s(jib(DockerBuild)?|bootBuildImage)\b|\bspring-boot:build-image\b|\bbuildctl\b.{0,80}\sbuild\b/,
  ],
];

/** Actions and reusable workflows, by `owner/name` and what follows it. */
export const ACTIONS: Known = [
  [
    ["dependency-scan"],
    /^actions\/dependency-review-action\b|^google\/osv-scanner|^pypa\/gh-action-pip-audit\b|^pyupio\/safety|^renovatebot\/github-action\b/i,
  ],
  [
    ["dependency-scan"],
    /dependency-check|^golang\/govulncheck-action\b|^(rustsec|actions-rs|actions-rust-lang)\/audit|^EmbarkStudios\/cargo-deny-action\b/i,
  ],
  [
    ["dependency-scan"],
    /^(fossas|fossa-contrib)\/|^socketdev\/|^SocketDev\/|^(mend|whitesource)|^oss-review-toolkit\/|^oke-py\/npm-audit-action\b|^sonatype/i,
  ],
  [
    ["dependency-scan"],
    /^snyk\/actions\/(?!docker|iac|setup)|^snyk\/actions@|^phylum-dev\/|^endorlabs\/|^debricked\//i,
  ],
  [
    ["image-scan", "dependency-scan"],
    /^snyk\/actions\/docker\b|^docker\/scout-action\b|^crazy-max\/ghaction-container-scan\b/i,
  ],
  [
    ["image-scan"],
    /^Azure\/container-scan\b|^sysdig(labs)?\/|^lacework\/lw-scanner|^aws-actions\/vulnerability-scan|^PaloAltoNetworks\/prisma-cloud-scan\b|^wiz-sec|^quay\/clair|^erzz\/dockle-action\b|clair/i,
  ],
  [
    ["static-analysis"],
    /^github\/codeql-action\/(init|analyze|autobuild)\b|^(returntocorp|semgrep)\/|^sonarsource\/|^securego\/gosec\b|bandit|brakeman/i,
  ],
  [
    ["static-analysis"],
    /^checkmarx\/|^veracode\/|^fortify\/|^codacy\/|^ShiftLeftSecurity\/|^bearer\/|^bridgecrewio\/checkov-action\b|^aquasecurity\/tfsec|njsscan|horusec|^mobsf\/|^deepsource/i,
  ],
  [["static-analysis", "secret-scan"], /super-linter|^oxsecurity\/megalinter/i],
  [["secret-scan"], /gitleaks|trufflehog|^GitGuardian\/|secretlint|detect-secrets|^kingfisher/i],
  [
    ["image-build"],
    /^docker\/(build-push|bake)-action\b|buildah-build\b|kaniko|^ko-build\/|^mr-smithers-excellent\/docker-build-push\b|^elgohr\/Publish-Docker|^whoan\/docker-build|^docker\/github-builder/i,
  ],
];

/** GitLab templates and components. Auto DevOps runs every scan. */
export const TEMPLATES: Known = [
  [["dependency-scan"], /dependency-scanning/i],
  [["image-scan", "dependency-scan"], /container-scanning/i],
  [["static-analysis"], /\bSAST\b/i],
  [["secret-scan"], /secret-detection/i],
  [["dependency-scan", "image-scan", "static-analysis", "secret-scan", "image-build"], /Auto-DevOps\.gitlab-ci\.yml/],
  [["image-build"], /(^|\/)(Jobs\/Build|Docker)(\.latest)?\.gitlab-ci\.yml/],
];

/** Images that a job runs in or as. */
export const IMAGES: Known = [
  [
    ["static-analysis"],
    /\b(semgrep\/semgrep|returntocorp\/semgrep|sonarsource\/sonar-scanner-cli|securego\/gosec|checkmarx\/|horuszup\/horusec)/i,
  ],
  [["secret-scan"], /\b(gitleaks|trufflehog|ggshield)\b/i],
  [["dependency-scan"], /\bowasp\/dependency-check\b|\bosv-scanner\b/i],
];

/** Hooks of pre-commit, by id or repository. */
export const HOOKS: Known = [
  [
    ["secret-scan"],
    /gitleaks|trufflehog|detect-secrets|ggshield|secretlint|git-secrets|detect-aws-credentials|detect-private-key|ripsecrets/i,
  ],
  [["static-analysis"], /bandit|semgrep|gosec|brakeman|njsscan|checkov|kics/i],
  [["dependency-scan"], /pip-audit|python-safety|osv-scanner|cargo-audit|npm-audit|uv-secure/i],
];

/** Configuration files of services that run no job of their own, by path. */
export const BOTS: readonly { readonly path: RegExp; readonly role: string; readonly does: Does }[] = [
  { path: /(^|\/)\.github\/dependabot\.ya?ml$/, role: "Dependabot", does: "dependency-scan" },
  {
    path: /(^|\/)(\.github\/|\.gitlab\/)?(renovate\.json5?|\.renovaterc(\.json5?)?)$/,
    role: "Renovate",
    does: "dependency-scan",
  },
  { path: /(^|\/)\.snyk$/, role: "Snyk", does: "dependency-scan" },
  { path: /(^|\/)\.pyup\.ya?ml$/, role: "PyUp", does: "dependency-scan" },
  { path: /(^|\/)sonar-project\.properties$/, role: "SonarQube", does: "static-analysis" },
  { path: /(^|\/)\.(deepsource\.toml|codacy\.ya?ml)$/, role: "Static analysis", does: "static-analysis" },
  { path: /(^|\/)\.gitguardian\.ya?ml$/, role: "GitGuardian", does: "secret-scan" },
];
