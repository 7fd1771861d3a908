#!/usr/bin/env node
"use strict";
// Node 22.1 and later keep compiled code between runs; beside the bundle it has the same trust as the bundle.
require("node:module").enableCompileCache?.(require("node:path").join(__dirname, "../dist/.cache"));
const { main, processStreams } = require("../dist/cli.cjs");

main(process.argv.slice(2), processStreams()).then((code) => {
  process.exitCode = code;
});
