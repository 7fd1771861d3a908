/**
 * Logs of CI servers obey what is printed: GitHub Actions lines that begin with `::`, Azure Pipelines, TeamCity and older
 * runners `##vso[`, `##teamcity[` and `##[` anywhere. A backslash makes them text.
 */
export const inert = (text: string): string =>
  text.replace(/^([^\S\n]*)(?=::)/gm, "$1\\").replace(/##(?=[a-z]*\[)/gi, "#\\#");
