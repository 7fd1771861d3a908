import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, durationOf } from "../../src/normalize/durations.ts";

test.each([
  ["JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "60", 3600, "minutes"],
  ["accessTokenExpireMinutes", "30", 1800, "minutes"],
  ["JWT_EXPIRATION_HOURS", "24", 86_400, "hours"],
  ["JWT_EXPIRE_SECONDS", "900", 900, "seconds"],
  ["REFRESH_TOKEN_EXPIRE_DAYS", "30", 2_592_000, "days"],
  ["JWT_EXPIRATION_MS", "900000", 900, "milliseconds"],
  ["jwtExpirationMs", "86400000", 86_400, "milliseconds"],
  ["jwt.expiration", "3600000", 3600, "milliseconds"],
  ["JWT_EXPIRATION", "86400", 86_400, "seconds"],
  ["JWT_EXPIRATION", "604800", 604_800, "seconds"],
  ["JWT_EXPIRES_IN", "3600", 3600, "seconds"],
  ["JWT_EXPIRES_IN", "7d", 604_800, "text"],
  ["JWT_EXPIRES_IN", "15m", 900, "text"],
  ["JWT_EXPIRES_IN", "1h30m", 5400, "text"],
  ["JWT_EXPIRES_IN", "2 days", 172_800, "text"],
  ["JWT_EXPIRES_IN", "1 day, 12 hours", 129_600, "text"],
  ["JWT_EXPIRE_MINUTES", "24h", 86_400, "text"],
  ["JWT_LIFETIME", "PT15M", 900, "text"],
  ["JWT_LIFETIME", "P7D", 604_800, "text"],
  ["JWT_LIFETIME", "P1DT12H", 129_600, "text"],
  ["TOKEN_TTL", "900", 900, "seconds"],
  ["ACCESS_TOKEN_EXPIRE_MINUTES", "60 * 24 * 8", 691_200, "minutes"],
  ["JWT_EXPIRE_SECONDS", "1_800", 1800, "seconds"],
  ["JWT_EXPIRES_IN", "never", 0, "text"],
  ["JWT_EXPIRE_MINUTES", "0", 0, "minutes"],
  ["JWT_EXPIRE_MINUTES", "-1", 0, "minutes"],
])("%s=%s", (name, text, seconds, unit) => {
  expect(durationOf(name, text)).toEqual({ seconds, unit });
});

test.each([
  ["JWT_EXPIRATION", "1440"],
  ["JWT_EXPIRATION", "30"],
  ["JWT_EXPIRES_IN", "24"],
  ["JWT_EXPIRES_IN", "soon"],
  ["JWT_EXPIRES_IN", "7 fortnights"],
  ["JWT_EXPIRES_IN", "p"],
  ["JWT_EXPIRES_IN", ""],
  ["PORT", "8000"],
])("%s=%s is open", (name, text) => {
  expect(durationOf(name, text)).toBeUndefined();
});

test.each([
  ["MAX_REQUEST_SIZE", "10MB", 10_485_760],
  ["MAX_REQUEST_SIZE", "10m", 10_485_760],
  ["MAX_REQUEST_SIZE", "1 GiB", 1_073_741_824],
  ["MAX_REQUEST_SIZE_MB", "50", 52_428_800],
  ["MAX_CONTENT_LENGTH", "16 * 1024 * 1024", 16_777_216],
  ["MAX_CONTENT_LENGTH", "1.5kb", 1536],
  ["MAX_CONTENT_LENGTH", "0", 0],
  ["MAX_CONTENT_LENGTH", "unlimited", 0],
  ["MAX_CONTENT_LENGTH", "big", undefined],
  ["MAX_CONTENT_LENGTH", "10 parsecs", undefined],
])("%s=%s", (name, text, bytes) => {
  expect(bytesOf(name, text)).toBe(bytes);
});

test("a whole number of a unit is that many of it, however it is spelled", () => {
  const units = fc.constantFrom<readonly [string, number]>(
    ["s", 1],
    ["m", 60],
    ["h", 3600],
    ["d", 86_400],
    [" weeks", 604_800],
  );
  fc.assert(
    fc.property(fc.nat(10_000), units, (count, [unit, seconds]) => {
      expect(durationOf("ANY", `${count}${unit}`)?.seconds).toBe(count * seconds);
    }),
  );
});

test("is total", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (name, text) => {
      const seconds = durationOf(name, text)?.seconds ?? 0;
      expect(seconds >= 0 && Number.isFinite(seconds)).toBe(true);
      expect((bytesOf(name, text) ?? 0) >= 0).toBe(true);
    }),
  );
});
