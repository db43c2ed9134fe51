import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines of nmcli(1) on a machine in one wireless network that sees another; who joins is in that one from then on. */
const SCRIPT = `#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >> calls
here=$(cat here 2>/dev/null || echo AULA-1)
other=$([ "$here" = AULA-1 ] && echo AULA-2 || echo AULA-1)
case "$*" in
*"general permissions"*) echo org.freedesktop.NetworkManager.network-control:yes ;;
*"device status"*) echo "wlp2s0:wifi:connected:$here" ;;
*"WIFI general"*) echo enabled ;;
*"connection show"*) echo AULA-1:802-11-wireless ;;
*"wifi list"*) printf '*:%s:71:WPA2\\n :%s:48:WPA2\\n' "$here" "$other" ;;
*"wifi connect "*)
  read -r typed
  echo "$typed" >> typed
  [ "$typed" = "$(cat password)" ] || { echo 'Error: Secrets were required, but not provided.' >&2; exit 4; }
  for name; do :; done
  echo "$name" > here ;;
esac
`;

/** A tool of the system that answers as recorded, for a kiosk that finds it first on its path. */
export interface RecordedNmcli {
  /** Of the kiosk's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The arguments of each call, and what was typed into them. */
  calls(): readonly string[];
  typed(): readonly string[];
}

/** @param folder an empty one. @param password of the network that can be joined. */
export const recordNmcli = (folder: string, password: string): RecordedNmcli => {
  const file = join(folder, 'nmcli');
  writeFileSync(file, SCRIPT);
  chmodSync(file, 0o755);
  writeFileSync(join(folder, 'password'), `${password}\n`);
  const lines = (name: string): readonly string[] => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  };
  return {
    env: { PATH: `${folder}:${process.env.PATH ?? ''}` },
    calls: () => lines('calls'),
    typed: () => lines('typed'),
  };
};
