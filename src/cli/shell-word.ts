/** As one word of a POSIX shell, bash or zsh: nothing in it is evaluated. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
