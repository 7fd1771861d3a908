import { describe, expect, test } from "vitest";
import type { BuildStage, SourceFile, Span } from "../../src/model.ts";
import { dockerfiles } from "../../src/normalize/dockerfile/index.ts";
import { parseDockerfile } from "../../src/parse/dockerfile.ts";
import { parseIgnore } from "../../src/parse/ignore.ts";
import { sourceFile } from "../source-file.ts";

const cut = ({ file, start, end }: Span) => file.text.slice(start, end);

function read(text: string, others: readonly SourceFile[] = [], path = "Dockerfile") {
  const file = sourceFile(path, text);
  const files = [file, ...others];
  const ignore = files
    .filter(({ language }) => language === "ignore")
    .map((each) => ({ file: each, tree: parseIgnore(each) }));
  const facts = dockerfiles({ dockerfile: [{ file, tree: parseDockerfile(file) }], ignore, files });
  return { ...facts, stages: facts.stages!, last: facts.stages!.at(-1)! };
}
const user = (text: string) => {
  const found = read(text).last.user;
  return found && [found.value, found.implied ?? false, cut(found.span)];
};
/** The text after a fix writes `USER app` where the model says it would be written. */
function filled(text: string): string {
  const blank = read(text).last.user!.blank!;
  return `${text.slice(0, blank.span.start) + blank.before}app${blank.after}${text.slice(blank.span.end)}`;
}

describe("user", () => {
  test.each<[string, string, unknown]>([
    ["the last USER of the final stage", "FROM debian\nUSER root\nRUN x\nUSER app", ["app", false, "app"]],
    [
      "root of an earlier stage is nobody's",
      "FROM golang AS b\nUSER root\nFROM gcr.io/distroless/static:nonroot\nCOPY --from=b /a /a",
      ["non-root", true, "gcr.io/distroless/static:nonroot"],
    ],
    ["no USER on a base that is root", "FROM debian:12", ["root", true, "debian:12"]],
    ["no USER on a base that cannot be seen", "FROM registry.example.com/acme/app:1", undefined],
    ["no USER on an unresolved base", "ARG BASE\nFROM $BASE", undefined],
    ["scratch has nobody but root", "FROM scratch\nCOPY a /a", ["root", true, "scratch"]],
    ["a base whose entry point gives up root", "FROM postgres:16", undefined],
    ["inherited from the stage it continues", "FROM debian AS base\nUSER app\nFROM base\nRUN x", ["app", false, "app"]],
    ["inherited default", "FROM debian AS base\nRUN y\nFROM base\nRUN x", ["root", true, "base"]],
    ["inherited by a name in another case", "FROM debian AS Base\nUSER app\nFROM BASE", ["app", false, "app"]],
    ["ARG with a default", "FROM debian\nARG U=app\nUSER ${U}", ["app", false, "${U}"]],
    ["ARG of the global scope, redeclared", "ARG U=app\nFROM debian\nARG U\nUSER $U", ["app", false, "$U"]],
    ["ARG of the global scope, not redeclared", "ARG U=app\nFROM debian\nUSER $U", undefined],
    ["ARG without a default", "FROM debian\nARG U\nUSER $U", undefined],
    ["ENV wins over ARG", "FROM debian\nENV U=app\nARG U=root\nUSER $U", ["app", false, "$U"]],
    ["a fallback", "FROM debian\nUSER ${U:-app}", ["app", false, "${U:-app}"]],
    ["an alternative", "FROM debian\nENV D=1\nUSER ${D:+root}", ["root", false, "${D:+root}"]],
    ["prefix and suffix forms", "FROM debian\nENV P=x-app.d\nENV Q=${P#*-}\nUSER ${Q%.d}", ["app", false, "${Q%.d}"]],
    ["group kept as written", "FROM debian\nUSER 1000:0", ["1000:0", false, "1000:0"]],
    ["numeric root", "FROM debian\nUSER 0", ["0", false, "0"]],
    ["quotes", 'FROM debian\nUSER "root:root"', ["root:root", false, "root:root"]],
    ["heredoc bodies name nobody", "FROM debian\nRUN <<EOF\nUSER app\nEOF", ["root", true, "debian"]],
  ])("%s", (_, text, expected) => expect(user(text)).toEqual(expected));

  test.each([
    ["before CMD", "FROM almalinux\nRUN x\nCMD y\n", "FROM almalinux\nRUN x\nUSER app\nCMD y\n"],
    [
      "before ENTRYPOINT and CMD, with their comment",
      "FROM almalinux\nRUN x\n\n# start\nENTRYPOINT y\nCMD z\n",
      "FROM almalinux\nRUN x\n\nUSER app\n# start\nENTRYPOINT y\nCMD z\n",
    ],
    [
      "behind the last step where CMD stands early",
      "FROM almalinux\nCMD y\nRUN x\n",
      "FROM almalinux\nCMD y\nRUN x\nUSER app\n",
    ],
    ["at the end without CMD", "FROM almalinux\nRUN x", "FROM almalinux\nRUN x\nUSER app"],
    [
      "of a stage that another follows",
      "FROM almalinux\nFROM almalinux AS b\nCMD y",
      "FROM almalinux\nFROM almalinux AS b\nUSER app\nCMD y",
    ],
    ["behind a heredoc", "FROM almalinux\nRUN <<EOF\nx\nEOF\n", "FROM almalinux\nRUN <<EOF\nx\nEOF\nUSER app\n"],
    ["indentation", "FROM almalinux\n  CMD y\n", "FROM almalinux\n  USER app\n  CMD y\n"],
  ])("a missing USER is written %s", (_, text, expected) => {
    expect(filled(text)).toBe(expected);
    expect(user(expected)).toEqual(["app", false, "app"]);
  });

  test.each([
    ["in the place of the last USER", "FROM almalinux\nUSER root\nCMD y\n", "FROM almalinux\nUSER app\nCMD y\n"],
    ["behind steps of the last USER", "FROM almalinux\nUSER 0\nRUN x\n", "FROM almalinux\nUSER 0\nRUN x\nUSER app\n"],
    [
      "at the end of a stage that continues another",
      "FROM almalinux AS b\nUSER root\nFROM b\nRUN x\n",
      "FROM almalinux AS b\nUSER root\nFROM b\nRUN x\nUSER app\n",
    ],
    [
      "with the command that makes it",
      "FROM alpine\n  USER root\n",
      "FROM alpine\n  RUN adduser -D -u 10001 appuser\n  USER app\n",
    ],
  ])("another USER is written %s", (_, text, expected) => expect(filled(text)).toBe(expected));

  test.each<[string, string, unknown]>([
    ["Debian has useradd", "FROM python:3.12-slim", ["10001", "10001", "useradd --create-home --uid 10001 appuser"]],
    [
      "Alpine has adduser",
      "FROM node:22-alpine AS a\nFROM alpine:3.20",
      ["10001", "10001", "adduser -D -u 10001 appuser"],
    ],
    ["no command on other bases", "FROM almalinux:9", ["10001", "10001", undefined]],
    ["no command where the base has left root", "FROM bitnami/python:3.12\nUSER root", ["10001", "10001", undefined]],
    ["no command where nobody knows the base", "FROM acme/base\nUSER root", ["10001", "10001", undefined]],
    ["distroless has nonroot", "FROM gcr.io/distroless/static", ["65532", "65532", undefined]],
    ["scratch has numbers", "FROM scratch", ["65532", "65532", undefined]],
    ["the user of the base", "FROM node:22-alpine", ["node", "1000", undefined]],
    ["the user of the base, stages later", "FROM node:22 AS a\nFROM a\nRUN x", ["node", "1000", undefined]],
    ["a product is its publisher's", "FROM nginx:1.27", undefined],
    ["the last one but root that it was", "FROM debian\nUSER a\nUSER 7:7\nUSER root", ["7:7", "7", undefined]],
    ["that of the stage it continues", "FROM debian AS a\nUSER a\nFROM a\nUSER root", ["a", undefined, undefined]],
    ["one that is made", "FROM debian\nRUN useradd -r -g app -u 7 app && x", ["app", "7", undefined]],
    ["one that is made, quoted words aside", "FROM debian\nRUN adduser --gecos '' app", ["app", undefined, undefined]],
    ["a group that somebody joins is none", "FROM debian\nRUN adduser app sudo", ["10001", "10001", undefined]],
  ])("to switch to: %s", (_, text, expected) => {
    const { account } = read(text).last;
    expect(account && [account.user, account.id, account.create]).toEqual(expected);
  });

  test("there is no place for another USER where a low port needs root", () => {
    expect(read("FROM debian\nEXPOSE 80").last.user!.blank).toBeUndefined();
  });
});

describe("images", () => {
  test("those that COPY takes files from; a bare name may be a context of the build", () => {
    const { images } = read(
      "FROM debian:12.8 AS a\nCOPY --chown=1:1 --from=ghcr.io/acme/uv:latest /uv /\nCOPY --from=b /x /\nCOPY --from=0 /y /\nCOPY --from=nginx@sha256:1f /z /\n",
    );
    expect(images!.map(({ reference, tag }) => [cut(reference.span), tag])).toEqual([
      ["debian:12.8", "12.8"],
      ["ghcr.io/acme/uv:latest", "latest"],
      ["nginx@sha256:1f", undefined],
    ]);
  });

  test("every base that comes from a registry", () => {
    const { images, stages } = read(
      "ARG TAG=3.12\nFROM reg.local:5000/python:${TAG} AS a\nFROM a AS b\nFROM scratch\nFROM node@sha256:1f\nFROM ${X}\n",
    );
    expect(
      images!.map(({ reference, known, subject }) => [reference.value, cut(reference.span), known, subject]),
    ).toEqual([
      ["reg.local:5000/python:3.12", "reg.local:5000/python:${TAG}", true, "stage a"],
      ["node@sha256:1f", "node@sha256:1f", true, "stage 3"],
      ["${X}", "${X}", false, "stage 4"],
    ]);
    expect(images![0]).toMatchObject({
      registry: "reg.local:5000",
      repository: "python",
      tag: "3.12",
      format: "dockerfile",
    });
    expect(stages.map(({ parent }) => parent)).toEqual([undefined, "a", undefined, undefined, undefined]);
  });

  test("runtime and family go through parents", () => {
    const { last } = read("FROM python:3.12-alpine AS base\nFROM base AS app\nFROM app\n");
    expect(last).toMatchObject({ runtime: "python", family: "alpine", parent: "app", final: true });
    expect(last.image).toBeUndefined();
  });

  test("a number is the name of a stage for COPY, never for FROM", () => {
    expect(read("FROM debian\nFROM 0\n").last).toMatchObject({ image: { repository: "0" } });
  });
});

describe("stages", () => {
  test("names, subjects, the final one", () => {
    const { stages, roles } = read("FROM debian AS build\nFROM debian\n");
    expect(stages.map(({ name, subject, final, ranBy }) => [name.value, name.implied, subject, final, ranBy])).toEqual([
      ["build", undefined, "stage build", false, []],
      ["1", true, "stage 1", true, []],
    ]);
    expect(roles!.map(({ role }) => role)).toEqual(["Dockerfile"]);
  });

  test("instructions hold what the model says and no more", () => {
    const [from, env] = read("FROM debian\nENV A=1\n").last.instructions;
    expect(from!.keyword).toBe("FROM");
    expect(Object.keys(env!).sort()).toEqual(["arguments", "flags", "json", "keyword", "keywordSpan", "span", "text"]);
    expect(env!.arguments.map(({ value, span, ...rest }) => [value, cut(span), rest])).toEqual([["A=1", "A=1", {}]]);
  });

  test("a file without FROM has none", () => expect(read("RUN x").stages).toEqual([]));
});

describe("variables", () => {
  const variables = (text: string) =>
    read(text).variables!.map(({ name, value, origin, phase, subject }) => ({
      name: name.value,
      value: value.value,
      at: cut(value.span),
      origin,
      phase,
      subject,
    }));

  test("ENV and ARG with their places", () => {
    expect(variables('ARG G=1\nFROM debian AS run\nARG TOKEN\nENV A="x y" B=2\n')).toEqual([
      {
        name: "G",
        value: { from: "literal", text: "1" },
        at: "1",
        origin: "dockerfile-arg",
        phase: "build",
        subject: "Dockerfile",
      },
      {
        name: "TOKEN",
        value: { from: "host" },
        at: "TOKEN",
        origin: "dockerfile-arg",
        phase: "build",
        subject: "stage run",
      },
      {
        name: "A",
        value: { from: "literal", text: "x y" },
        at: "x y",
        origin: "dockerfile-env",
        phase: "run",
        subject: "stage run",
      },
      {
        name: "B",
        value: { from: "literal", text: "2" },
        at: "2",
        origin: "dockerfile-env",
        phase: "run",
        subject: "stage run",
      },
    ]);
  });

  test("references keep their places, values and fallbacks", () => {
    const { last } = read("FROM debian\nARG A=1\nENV B=\"x$A\" C=${D:-dflt} E='$A' F=${G}\n");
    const [, b, c, e, f] = last.variables.map(({ value }) => value.value);
    expect(b).toMatchObject({
      from: "variable",
      text: "x$A",
      resolved: "x1",
      references: [{ name: "A", value: { value: "1" } }],
    });
    expect(c).toMatchObject({
      from: "variable",
      resolved: "dflt",
      references: [{ name: "D", fallback: { value: "dflt" } }],
    });
    expect(e).toEqual({ from: "literal", text: "$A" });
    expect(f).not.toHaveProperty("resolved");
    const places = [b, c].flatMap((value) =>
      value!.from === "variable"
        ? value!.references.flatMap(({ span, fallback }) => [cut(span), fallback && cut(fallback.span)])
        : [],
    );
    expect(places).toEqual(["$A", undefined, "${D:-dflt}", "dflt"]);
  });

  test("values of one ENV do not see each other", () => {
    const [, b] = read("FROM debian\nENV A=1 B=${A}x\nENV C=$A\n").last.variables;
    expect(b!.value.value).not.toHaveProperty("resolved");
    expect(read("FROM debian\nENV A=1\nENV B=${A}x\n").last.variables[1]!.value.value).toMatchObject({
      resolved: "1x",
    });
  });

  test("names of JavaScript's own", () => {
    expect(user("FROM debian\nENV __proto__=app\nUSER $__proto__")).toEqual(["app", false, "$__proto__"]);
    expect(user("FROM debian\nUSER $constructor")).toBeUndefined();
  });
});

describe("ports", () => {
  test("EXPOSE never publishes", () => {
    const { ports } = read("FROM nginx:1.27 AS web\nENV P=9000\nEXPOSE 80 443/UDP 8000-8010 $P ${Q} 22/tcp\n");
    expect(ports!.map(({ target, targetEnd, protocol, span }) => [target, targetEnd, protocol, cut(span)])).toEqual([
      [80, undefined, "tcp", "80"],
      [443, undefined, "udp", "443/UDP"],
      [8000, 8010, "tcp", "8000-8010"],
      [9000, undefined, "tcp", "$P"],
      [22, undefined, "tcp", "22/tcp"],
    ]);
    expect(ports![0]).toMatchObject({
      via: "expose",
      reach: "internal",
      owner: "web",
      subject: "stage web",
      product: "nginx",
    });
  });
});

describe("files that COPY brings in", () => {
  const env = sourceFile(".env", "A=1");
  const example = sourceFile(".env.example", "A=", { stage: "example" });
  const ignore = (text: string, path = ".dockerignore") => sourceFile(path, text, { language: "ignore" });
  const copied = (stage: BuildStage) =>
    stage.copiedEnvFiles.map(({ at, path, file }) => [cut(at), path, file !== undefined]);

  test.each<[string, string, readonly SourceFile[], unknown[]]>([
    ["the whole context", "COPY . .", [env], [[".", ".env", true]]],
    ["the file itself", "COPY a .env /app/", [env], [[".env", ".env", true]]],
    ["ADD", "ADD ./ /app", [env], [["./", ".env", true]]],
    ["the JSON form", 'COPY [".", "/app"]', [env], [[".", ".env", true]]],
    ["a wildcard", "COPY .env* /app/", [env], [[".env*", ".env", true]]],
    ["another stage", "COPY --from=x . .", [env], []],
    ["another folder", "COPY src /app", [env], []],
    [
      "a folder that holds one",
      "COPY conf /app",
      [sourceFile("conf/prod.env", "A=1")],
      [["conf", "conf/prod.env", true]],
    ],
    ["a URL or a heredoc", "ADD https://x/.env /app\nCOPY <<.env /app\n.env", [env], []],
    ["an ignored file", "COPY . .", [env, ignore(".env\n")], []],
    ["all ignored but some", "COPY . .", [env, ignore("*\n!src\n")], []],
    ["taken back", "COPY . .", [env, ignore(".env*\n!.env\n")], [[".", ".env", true]]],
    ["ignored in every folder", "COPY . .", [sourceFile("a/b/.env", ""), ignore("**/.env\n")], []],
    ["ignored only at the root", "COPY . .", [sourceFile("a/.env", ""), ignore("/.env\n")], [[".", "a/.env", true]]],
    ["--exclude", "COPY --exclude=.env . .", [env], []],
    ["an example is no secret", "COPY .env.example .env", [example], []],
    ["none in sight, but the project has one", "COPY . .", [example], [[".", ".env", false]]],
    [
      "none in sight, kept out of git",
      "COPY . .",
      [ignore("node_modules\n.env\n", ".gitignore")],
      [[".", ".env", false]],
    ],
    ["none in sight, and ignored", "COPY . .", [example, ignore(".env\n")], []],
    ["none anywhere", "COPY . .", [ignore("node_modules\n", ".gitignore")], []],
    [
      "the Dockerfile's own ignore file",
      "COPY . .",
      [env, ignore("x\n"), ignore(".env\n", "Dockerfile.dockerignore")],
      [],
    ],
  ])("%s", (_, text, files, expected) => expect(copied(read(`FROM debian\n${text}\n`, files).last)).toEqual(expected));

  test("the context is the Dockerfile's folder", () => {
    const files = [sourceFile("api/.env", ""), env, ignore("*\n"), ignore("x\n", "api/.dockerignore")];
    expect(copied(read("FROM debian\nCOPY . .\n", files, "api/Dockerfile").last)).toEqual([[".", "api/.env", true]]);
  });
});
