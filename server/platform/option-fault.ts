/** What is shown instead of Node's own words, which name the English rules of another program. */
const SENTENCES: Readonly<Record<string, (name: string) => string>> = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: (name) => `No existe la opción ${name}.`,
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: (name) => `La opción ${name} no se usa así.`,
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: (name) => `«${name}» está de más.`,
};

/**
 * What is wrong with a command line, in a sentence for whoever typed it.
 * @param failure what `parseArgs` of node:util threw.
 * @returns null when it was something else.
 */
export const optionFault = (failure: unknown): string | null => {
  const { code, message } = failure as { readonly code?: unknown; readonly message?: unknown };
  const sentence = SENTENCES[String(code)];
  if (sentence === undefined) return null;
  const name = /'([^']*)'/.exec(String(message))?.[1] ?? '';
  // "-p, --port <value>": the name as it is typed.
  return sentence(/--[\w-]+/.exec(name)?.[0] ?? name);
};
