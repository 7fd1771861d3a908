import { expect, test } from "vitest";
import type { Located } from "../../src/model.ts";
import { runsClient } from "../../src/normalize/clients.ts";
import { sourceFile } from "../source-file.ts";

const file = sourceFile("compose.yaml", "");
const command = (words: readonly string[]): readonly Located<string>[] =>
  words.map((value) => ({ value, span: { file, start: 0, end: 0 } }));

test.each([
  [["psql", "-h", "db"], true],
  [["/usr/bin/mysqldump", "shop"], true],
  [["/opt/kafka/bin/kafka-topics.sh", "--create"], true],
  [["sh", "-c", "until pg_isready -h db; do sleep 1; done; psql -U postgres -f /init.sql"], true],
  [["bash", "-c", "while ! redis-cli -h cache ping; do sleep 1; done"], true],
  [["/bin/sh", "-ec", "mysqldump shop | gzip > /out/shop.gz"], true],
  [[], false],
  [["-c", "max_connections=200"], false],
  [["postgres", "-c", "log_statement=all"], false],
  [["redis-server", "--appendonly", "yes"], false],
  [["sh", "-c", "redis-server --daemonize yes && redis-cli ping"], false],
  [["sh", "-c", "docker-entrypoint.sh postgres & until psql; do sleep 1; done"], false],
  [["sh", "/start.sh"], false],
])("%j: %s", (words, expected) => expect(runsClient(command(words))).toBe(expected));
