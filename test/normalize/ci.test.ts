import { describe, expect, it } from "vitest";
import type { Pipeline, Span } from "../../src/model.ts";
import { pipelines } from "../../src/normalize/ci.ts";
import { parseYaml } from "../../src/parse/yaml.ts";
import { sourceFile } from "../source-file.ts";

const cut = ({ file, start, end }: Span) => file.text.slice(start, end);

const facts = (input: Readonly<Record<string, string>>) => {
  const files = Object.entries(input).map(([path, text]) => sourceFile(path, text));
  const yaml = files.filter(({ language }) => language === "yaml").map((file) => ({ file, tree: parseYaml(file) }));
  return pipelines({ yaml, files });
};
const all = (input: Readonly<Record<string, string>>) => facts(input).pipelines as readonly Pipeline[];

const CI = ".github/workflows/ci.yml";
const workflow = (step: string) => `name: CI\non: push\njobs:\n  build:\n    runs-on: x\n    steps:\n      - ${step}\n`;
const doneBy = (pipeline: Pipeline | undefined) => pipeline?.does.map(({ value, span }) => [value, cut(span)]);
const step = (text: string) => doneBy(all({ [CI]: workflow(text) })[0]);

describe("commands of GitHub workflows", () => {
  it.each<[string, readonly (readonly [string, string])[]]>([
    ["pip-audit -r requirements.txt", [["dependency-scan", "pip-audit"]]],
    ["npm ci && npm audit --audit-level=high", [["dependency-scan", "npm audit"]]],
    ["yarn npm audit", [["dependency-scan", "yarn npm audit"]]],
    ["safety check", [["dependency-scan", "safety check"]]],
    ["pip install safety && safety check", [["dependency-scan", "safety check"]]],
    ["./mvnw org.owasp:dependency-check-maven:check", [["dependency-scan", "dependency-check-maven"]]],
    ["trivy fs --exit-code 1 .", [["dependency-scan", "trivy fs"]]],
    [
      "trivy image --severity HIGH app:1",
      [
        ["image-scan", "trivy image"],
        ["dependency-scan", "trivy image"],
      ],
    ],
    ["trivy config .", [["static-analysis", "trivy config"]]],
    ["grype dir:.", [["dependency-scan", "grype dir:"]]],
    [
      "docker scout cves app:1",
      [
        ["image-scan", "docker scout cves"],
        ["dependency-scan", "docker scout cves"],
      ],
    ],
    [
      "snyk container test app",
      [
        ["image-scan", "snyk container test"],
        ["dependency-scan", "snyk container test"],
      ],
    ],
    ["poetry run bandit -r src", [["static-analysis", "bandit"]]],
    ["semgrep ci", [["static-analysis", "semgrep"]]],
    ["gitleaks detect", [["secret-scan", "gitleaks"]]],
    ["docker build -t app .", [["image-build", "docker build"]]],
    ["docker buildx build --push .", [["image-build", "docker buildx build"]]],
    ["docker compose -f a.yml build", [["image-build", "docker compose -f a.yml build"]]],
    ["docker compose up -d --build", [["image-build", "docker compose up -d --build"]]],
    ["buildah bud .", [["image-build", "buildah bud"]]],
    [
      "make security-check",
      [
        ["dependency-scan", "make security"],
        ["static-analysis", "make security"],
      ],
    ],
  ])("%s", (command, expected) => expect(step(`run: ${command}`)).toEqual(expected));

  it.each([
    "pip install safety",
    "echo run npm audit",
    "npm test # npm audit",
    "docker run app",
    "npm install",
    "docker pull trivy",
    "apt-get install bandit",
  ])("%s does nothing of the kind", (command) => expect(step(`run: |\n          ${command}`)).toEqual([]));

  it("has places inside block scripts, and leaves comments out", () => {
    const text = workflow(
      "run: |\n          # gitleaks detect\n          pip install -r a\n          bandit -r . && docker build .",
    );
    const [pipeline] = all({ [CI]: text });
    expect(pipeline!.does.map(({ value, span }) => [value, span.start])).toEqual([
      ["static-analysis", text.indexOf("bandit")],
      ["image-build", text.indexOf("docker build")],
    ]);
  });

  it("leaves out what is switched off", () => {
    expect(step("if: false\n        run: bandit .")).toEqual([]);
    expect(doneBy(all({ [CI]: "jobs:\n  a:\n    if: ${{ false }}\n    steps:\n      - run: bandit .\n" })[0])).toEqual(
      [],
    );
  });
});

describe("actions", () => {
  it.each<[string, readonly string[]]>([
    ["actions/dependency-review-action@v4", ["dependency-scan"]],
    ["google/osv-scanner-action/osv-scanner-action@v2", ["dependency-scan"]],
    ["snyk/actions/node@master", ["dependency-scan"]],
    ["snyk/actions/docker@master", ["image-scan", "dependency-scan"]],
    ["aquasecurity/trivy-action@0.30.0", ["image-scan", "dependency-scan"]],
    ["anchore/scan-action@v6", ["dependency-scan"]],
    ["github/codeql-action/analyze@v3", ["static-analysis"]],
    ["github/codeql-action/upload-sarif@v3", []],
    ["SonarSource/sonarqube-scan-action@v5", ["static-analysis"]],
    ["gitleaks/gitleaks-action@v2", ["secret-scan"]],
    ["trufflesecurity/trufflehog@main", ["secret-scan"]],
    ["super-linter/super-linter@v7", ["static-analysis", "secret-scan"]],
    ["docker/build-push-action@v6", ["image-build"]],
    ["actions/checkout@v4", []],
  ])("%s", (uses, expected) => {
    expect(step(`uses: ${uses}`)).toEqual(expected.map((value) => [value, uses]));
  });

  it.each([
    ["fs", ["dependency-scan"]],
    ["config", ["static-analysis"]],
    ["image", ["image-scan", "dependency-scan"]],
  ])("trivy with scan-type %s", (type, expected) => {
    const found = step(`uses: aquasecurity/trivy-action@v1\n        with:\n          scan-type: ${type}`);
    expect(found!.map(([value]) => value)).toEqual(expected);
  });

  it("follows local actions and workflows and notes what it cannot follow", () => {
    const [ci, ...rest] = all({
      [CI]: "jobs:\n  a:\n    uses: ./.github/workflows/build.yml\n  b:\n    uses: org/shared/.github/workflows/scan.yml@v1\n  c:\n    steps:\n      - uses: ./.github/actions/scan\n      - uses: ./.github/actions/gone\n",
      ".github/workflows/build.yml": "on: workflow_call\njobs:\n  x:\n    steps:\n      - run: docker build .\n",
      ".github/actions/scan/action.yml":
        "runs:\n  using: composite\n  steps:\n    - run: gitleaks detect\n      shell: bash\n",
    });
    expect(ci!.does.map(({ value, span }) => [value, span.file.path])).toEqual([
      ["secret-scan", ".github/actions/scan/action.yml"],
    ]);
    expect(ci!.calls.map(({ span }) => cut(span))).toEqual([
      "org/shared/.github/workflows/scan.yml@v1",
      "./.github/actions/gone",
    ]);
    expect(rest.map(({ file, does }) => [file.path, does.length])).toEqual([[".github/workflows/build.yml", 1]]);
  });

  it("survives an action that uses itself", () => {
    const found = all({
      [CI]: workflow("uses: ./a"),
      "a/action.yml": "runs:\n  steps:\n    - uses: ./a\n    - uses: ./a\n    - run: bandit .\n",
    });
    expect(found[0]!.does).toHaveLength(1);
  });
});

describe("GitLab", () => {
  const gitlab = (text: string, more: Readonly<Record<string, string>> = {}) =>
    all({ ".gitlab-ci.yml": text, ...more });

  it("reads templates, components, scripts and images", () => {
    const [found] = gitlab(
      "include:\n  - template: Jobs/Dependency-Scanning.gitlab-ci.yml\n  - template: Security/SAST.gitlab-ci.yml\n  - component: $CI_SERVER_FQDN/components/secret-detection/secret-detection@1\n  - project: a/b\n    file: c.yml\nbuild:\n  image: docker:27\n  script:\n    - docker build -t a .\n    - [docker scan a]\n",
    );
    expect(doneBy(found)).toEqual([
      ["dependency-scan", "Jobs/Dependency-Scanning.gitlab-ci.yml"],
      ["static-analysis", "Security/SAST.gitlab-ci.yml"],
      ["secret-scan", "$CI_SERVER_FQDN/components/secret-detection/secret-detection@1"],
      ["image-build", "docker build"],
      ["image-scan", "docker scan"],
    ]);
    expect(found!.calls.map(({ value }) => value)).toEqual(["a/b"]);
    expect(found).toMatchObject({ provider: "gitlab" });
    expect(cut(found!.at)).toBe("include");
  });

  it("follows local includes", () => {
    const found = gitlab("include: /ci/build.yml\n", {
      "ci/build.yml": "b:\n  script: /kaniko/executor --destination a\n",
      "ci/other.yml": "a: 1\n",
    });
    expect(found.map(({ file, does }) => [file.path, does.map(({ value }) => value)])).toEqual([
      [".gitlab-ci.yml", []],
      ["ci/build.yml", ["image-build"]],
    ]);
    expect(gitlab("include:\n  - local: gone.yml\n")[0]!.calls.map(({ span }) => cut(span))).toEqual(["gone.yml"]);
  });

  it("Auto DevOps does everything", () => {
    expect(gitlab("include:\n  - template: Auto-DevOps.gitlab-ci.yml\n")[0]!.does).toHaveLength(5);
  });
});

describe("bots and hooks", () => {
  const more = { [CI]: workflow("run: npm test") };
  it.each([
    [".github/dependabot.yml", "version: 2\nupdates: []\n", ["dependency-scan"], "Dependabot"],
    ["renovate.json", '{"extends": ["config:base"]}', ["dependency-scan"], "Renovate"],
    ["renovate.json", '{"enabled": false}', [], "Renovate"],
    [
      ".pre-commit-config.yaml",
      "repos:\n  - repo: https://github.com/gitleaks/gitleaks\n    hooks:\n      - id: gitleaks\n",
      ["secret-scan"],
      "pre-commit",
    ],
  ])("%s %j", (path, text, does, role) => {
    const found = facts({ ...more, [path]: text });
    const [ci, bot] = found.pipelines as readonly Pipeline[];
    expect(ci).toMatchObject({ provider: "github", does: [] });
    expect(bot).toMatchObject({ provider: "other", watches: true, does: does.map((value) => ({ value })) });
    expect(found.roles!.map((each) => each.role)).toContain(role);
  });

  it("only watch, which is no continuous integration", () => {
    expect(facts({ ".github/dependabot.yml": "version: 2\n" })).toMatchObject({
      pipelines: [{ watches: true }],
      roles: [{ role: "Dependabot" }],
    });
  });

  it("reads other providers as text", () => {
    const [found] = all({
      "azure-pipelines.yml": "steps:\n  - script: docker build .\n  - bash: |\n      bandit -r .\n",
    });
    expect(found).toMatchObject({ provider: "other", does: [{ value: "image-build" }, { value: "static-analysis" }] });
  });

  it("leaves other YAML alone", () => {
    expect(facts({ "compose.yaml": "services:\n  a:\n    command: bandit .\n" })).toEqual({
      pipelines: [],
      variables: [],
      roles: [],
    });
  });
});

describe("variables", () => {
  it("come from every level of a workflow", () => {
    const text =
      "env:\n  A: one\njobs:\n  build:\n    env:\n      B: ${{ secrets.B_KEY }}\n    steps:\n      - name: Deploy\n        env:\n          C: x-${{ vars.C }}\n      - env: {D: 4}\n";
    const { variables } = facts({ [CI]: text });
    expect(
      variables!.map(({ name, value, subject, origin }) => [name.value, value.value, subject, origin]),
    ).toMatchObject([
      ["A", { from: "literal", text: "one" }, CI, "ci"],
      ["B", { from: "secret", secret: { store: "ci", name: "B_KEY" } }, `${CI} job build`, "ci"],
      [
        "C",
        { from: "variable", text: "x-${{ vars.C }}", references: [{ name: "vars.C" }] },
        `${CI} job build / step Deploy`,
        "ci",
      ],
      ["D", { from: "literal", text: "4" }, `${CI} job build / step 2`, "ci"],
    ]);
    const [a, b, c] = variables!;
    expect([a!, b!, c!].map(({ name, value }) => [cut(name.span), cut(value.span)])).toEqual([
      ["A", "one"],
      ["B", "${{ secrets.B_KEY }}"],
      ["C", "x-${{ vars.C }}"],
    ]);
    const held = c!.value.value;
    expect(held.from === "variable" && cut(held.references[0]!.span)).toBe("${{ vars.C }}");
  });

  it("come from GitLab, where $NAME is a reference", () => {
    const text =
      "variables:\n  A: one\n  B:\n    value: two\n    description: d\n  C: $TOKEN-${OTHER}\n  D: a$$b\njob:\n  variables:\n    E: three\n  script: x\n";
    const { variables } = facts({ ".gitlab-ci.yml": text });
    expect(variables!.map(({ name, value, subject }) => [name.value, value.value, subject])).toMatchObject([
      ["A", { from: "literal", text: "one" }, ".gitlab-ci.yml"],
      ["B", { from: "literal", text: "two" }, ".gitlab-ci.yml"],
      ["C", { from: "variable", references: [{ name: "TOKEN" }, { name: "OTHER" }] }, ".gitlab-ci.yml"],
      ["D", { from: "literal", text: "a$$b" }, ".gitlab-ci.yml"],
      ["E", { from: "literal", text: "three" }, ".gitlab-ci.yml job job"],
    ]);
  });
});

it("names the pipeline by its name, else its jobs", () => {
  expect(cut(all({ [CI]: workflow("run: x") })[0]!.at)).toBe("CI");
  expect(cut(all({ [CI]: "on: push\njobs: {}\n" })[0]!.at)).toBe("jobs");
});

it("reads a long script in linear time", () => {
  const lines = "          trivy make docker compose dotnet list gradlew buildctl\n".repeat(5_000);
  const start = performance.now();
  expect(all({ [CI]: workflow(`run: |\n${lines}`) })[0]!.does).toEqual([]);
  expect(performance.now() - start).toBeLessThan(3_000);
});
