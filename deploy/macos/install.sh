#!/bin/bash
# Installs the Atalaya kiosk on a Mac without questions, as an MDM's script or by hand. The rights that only a profile
# can give are in atalaya.mobileconfig.
#
#   sudo ./install.sh --image Atalaya-0.1.0-darwin-arm64.dmg --server https://examenes.universidad.edu.ec \
#        [--room "Aula 12"] [--code CODE] [--codes-expire 2030-12-31]
set -euo pipefail

folder="${DESTDIR:-}/Library/Application Support/Atalaya"
image='' server='' room='' code='' codes_expire=''

fail() {
  echo "atalaya: $*" >&2
  exit 1
}

while [[ $# -gt 0 ]]; do
  [[ $# -ge 2 ]] || fail "falta el valor de $1"
  case $1 in
    --image) image=$2 ;;
    --server) server=$2 ;;
    --room) room=$2 ;;
    --code) code=$2 ;;
    --codes-expire) codes_expire=$2 ;;
    *) fail "opción desconocida: $1" ;;
  esac
  shift 2
done
[[ $server =~ ^https?://[^/[:space:]]+$ ]] || fail '--server debe ser un origen, como https://examenes.universidad.edu.ec'
[[ -n ${DESTDIR:-} || $EUID -eq 0 ]] || fail 'ejecute con sudo'

json_text() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "$text"
}

if [[ -n $image ]]; then
  mount=$(mktemp -d)
  hdiutil attach -nobrowse -readonly -mountpoint "$mount" "$image"
  trap 'hdiutil detach "$mount" > /dev/null' EXIT
  rm -rf /Applications/Atalaya.app
  cp -R "$mount/Atalaya.app" /Applications/
fi

mkdir -p "$folder"
{
  printf '{\n  "server": %s' "$(json_text "$server")"
  [[ -z $room ]] || printf ',\n  "room": %s' "$(json_text "$room")"
  printf '\n}\n'
} > "$folder/kiosk.json"
if [[ -n $code ]]; then
  {
    printf '{\n  "enrolCode": %s' "$(json_text "$code")"
    [[ -z $codes_expire ]] || printf ',\n  "enrolCodesExpire": %s' "$(json_text "$codes_expire")"
    printf '\n}\n'
  } > "$folder/site.json"
fi
[[ -n ${DESTDIR:-} ]] || chown -R root:wheel "$folder"
chmod -R u=rwX,go=rX "$folder"
echo 'atalaya: listo. Abra Atalaya una vez y permita la cámara.'
