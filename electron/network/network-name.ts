/** Names that a network may have: whatever is longer or has control characters is none that can be asked for. */
export const isNetworkName = (name: string): boolean =>
  name !== '' && name.length <= 32 && !/\p{Cc}/u.test(name);
