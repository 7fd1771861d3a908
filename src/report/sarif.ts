/** The SARIF report. Apart from `sarif-log.ts`, so that the public types need no types of SARIF. */
import type { Reporter } from "./report.ts";
import { sarifLog } from "./sarif-log.ts";

export const sarif: Reporter = (input) => `${JSON.stringify(sarifLog(input), undefined, 2)}\n`;
