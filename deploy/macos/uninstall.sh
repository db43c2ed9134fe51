#!/bin/bash
# Takes the Atalaya kiosk off a Mac. Remove the profile in the MDM as well. Not during an exam.
#
#   sudo ./uninstall.sh [--purge]      --purge: also the kiosk's data of every account
set -euo pipefail

root=${DESTDIR:-}
program="$root/Applications/Atalaya.app"

fail() {
  echo "atalaya: $*" >&2
  exit 1
}

[[ $# -eq 0 || ($# -eq 1 && $1 == --purge) ]] || fail "opción desconocida: $*"
[[ -n $root || $EUID -eq 0 ]] || fail 'ejecute con sudo'

# First the kiosk itself gives back what a crash may have left.
if [[ -x $program/Contents/MacOS/Atalaya ]]; then
  "$program/Contents/MacOS/Atalaya" --restore || fail 'el kiosco no pudo devolver el equipo; cierre el examen y repita'
fi
rm -rf "$program" "$root/Library/Application Support/Atalaya"
if [[ ${1:-} == --purge ]]; then
  for home in "$root"/Users/*; do
    rm -rf "$home/Library/Application Support/Atalaya" "$home/Library/Preferences/ec.atalaya.kiosk.plist"
  done
fi
echo 'atalaya: listo.'
