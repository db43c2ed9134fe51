/** What the server itself keeps secret, by name. */
export interface Secrets {
  /**
   * The secret of this name; made of `fresh` when there is none yet.
   * @param fresh random, base64url: who calls first decides how long the secret is.
   */
  secret(name: string, fresh: string): Promise<string>;
}
