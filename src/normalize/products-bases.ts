/** Language runtimes and distributions that images are built from. Data only; `images.ts` and `dockerfile/` read it. */
import type { Account } from "../model.ts";
import type { Product } from "./images.ts";

export interface Base {
  readonly name: string;
  readonly user: "root" | "non-root";
  readonly family?: NonNullable<Product["family"]>;
  readonly runtime?: string;
}

type BaseRow = readonly [runtime: string | undefined, user: Base["user"], family: Base["family"], repositories: string];

const BASE_ROWS: readonly BaseRow[] = [
  [
    "python",
    "root",
    "debian",
    "python tiangolo/uvicorn-gunicorn-fastapi tiangolo/uvicorn-gunicorn tiangolo/meinheld-gunicorn-flask continuumio/miniconda3 continuumio/anaconda3 condaforge/mambaforge condaforge/miniforge3 astral-sh/uv pytorch/pytorch tensorflow/tensorflow huggingface/transformers-pytorch-gpu",
  ],
  ["python", "root", undefined, "pypy"],
  ["python", "non-root", "debian", "mambaorg/micromamba"],
  ["python", "non-root", "rpm", "ubi8/python-39 ubi8/python-311 ubi9/python-39 ubi9/python-311 ubi9/python-312"],
  ["node", "root", "debian", "node oven/bun denoland/deno cimg/node"],
  ["node", "non-root", "rpm", "ubi8/nodejs-18 ubi8/nodejs-20 ubi9/nodejs-18 ubi9/nodejs-20 ubi9/nodejs-22"],
  ["golang", "root", "debian", "golang"],
  [
    "java",
    "root",
    "debian",
    "openjdk eclipse-temurin maven gradle tomcat azul/zulu-openjdk ibm-semeru-runtimes sapmachine",
  ],
  ["java", "root", "rpm", "amazoncorretto"],
  ["java", "non-root", "debian", "jetty"],
  [
    "java",
    "non-root",
    "rpm",
    "ubi8/openjdk-17 ubi8/openjdk-21 ubi9/openjdk-17 ubi9/openjdk-21 jboss/wildfly wildfly/wildfly",
  ],
  ["ruby", "root", "debian", "ruby"],
  ["php", "root", "debian", "php composer dunglas/frankenphp"],
  ["rust", "root", "debian", "rust lukemathwalker/cargo-chef"],
  [
    "dotnet",
    "root",
    "debian",
    "dotnet/sdk dotnet/aspnet dotnet/runtime dotnet/runtime-deps dotnet/core/sdk dotnet/core/aspnet dotnet/core/runtime",
  ],
  ["elixir", "root", "debian", "elixir hexpm/elixir erlang"],
  ["perl", "root", "debian", "perl"],
  ["haskell", "root", "debian", "haskell"],
  ["swift", "root", "debian", "swift"],
  ["dart", "root", "debian", "dart"],
  ["julia", "root", "debian", "julia"],
  ["r", "root", "debian", "r-base rocker/r-ver rocker/shiny"],
  ["gcc", "root", "debian", "gcc"],
  [
    undefined,
    "root",
    "debian",
    "debian ubuntu buildpack-deps bitnami/minideb nvidia/cuda phusion/baseimage mcr.microsoft.com/playwright playwright playwright/python",
  ],
  [undefined, "root", "alpine", "alpine alpine/git"],
  [undefined, "root", undefined, "busybox scratch"],
  [
    undefined,
    "root",
    "rpm",
    "amazonlinux fedora centos rockylinux rockylinux/rockylinux almalinux oraclelinux redhat/ubi8 redhat/ubi9 redhat/ubi8-minimal redhat/ubi9-minimal ubi8 ubi9 ubi8/ubi ubi9/ubi ubi8/ubi-minimal ubi9/ubi-minimal ubi8-minimal ubi9-minimal opensuse/leap opensuse/tumbleweed photon",
  ],
];

/** Language runtimes and distributions. */
export const BASES: ReadonlyMap<string, Base> = new Map(
  BASE_ROWS.flatMap(([runtime, user, family, repositories]) =>
    repositories.split(" ").map(
      (repository) =>
        [
          repository,
          {
            name: runtime ?? repository.slice(repository.lastIndexOf("/") + 1),
            user,
            ...(family && { family }),
            ...(runtime && { runtime }),
          },
        ] as const,
    ),
  ),
);

/** Runtime that the last segment of a distroless or Chainguard repository names. */
export const RUNTIMES: ReadonlyMap<string, string> = new Map([
  ["python", "python"],
  ["python3", "python"],
  ["node", "node"],
  ["nodejs", "node"],
  ["java", "java"],
  ["jre", "java"],
  ["jdk", "java"],
  ["go", "golang"],
  ["ruby", "ruby"],
  ["php", "php"],
  ["dotnet-runtime", "dotnet"],
  ["aspnet-runtime", "dotnet"],
]);

/** Users that bases have beside root, for an application to run as. */
export const ACCOUNTS: ReadonlyMap<string, Account> = new Map(
  (
    [
      ["node", "1000", "node"],
      ["bun", "1000", "oven/bun"],
      ["deno", "1993", "denoland/deno"],
      // 33 on Debian, 82 on Alpine.
      ["www-data", undefined, "php"],
      ["jetty", "999", "jetty"],
      ["1001", "1001", "ubi8/python-39 ubi8/python-311 ubi9/python-39 ubi9/python-311 ubi9/python-312"],
      ["1001", "1001", "ubi8/nodejs-18 ubi8/nodejs-20 ubi9/nodejs-18 ubi9/nodejs-20 ubi9/nodejs-22"],
      ["185", "185", "ubi8/openjdk-17 ubi8/openjdk-21 ubi9/openjdk-17 ubi9/openjdk-21"],
    ] as const
  ).flatMap(([user, id, repositories]) =>
    repositories.split(" ").map((repository) => [repository, { user, ...(id !== undefined && { id }) }] as const),
  ),
);
