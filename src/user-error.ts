/** Wrong usage or configuration: said in one sentence, without a stack, exit code 2. */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UserError";
  }
}
