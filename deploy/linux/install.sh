#!/bin/bash
# Installs the Atalaya kiosk on a Debian or Ubuntu machine without questions. Can be repeated: it leaves the machine
# as the options say. Everything that it changes is noted under /var/lib/atalaya, and uninstall.sh undoes it.
#
#   sudo ./install.sh --package Atalaya-0.1.0-linux-x64.deb --server https://examenes.universidad.edu.ec \
#        --room "Aula 12" --codes codigos.csv --session cage
#
#   --package FILE     the .deb; left out: the program is there already
#   --server ORIGIN    origin of the central server
#   --room TEXT        room of the machine
#   --device-name TEXT name that enrolment proposes; {computer} and {room} are filled in
#   --channel NAME     update channel
#   --code CODE        enrolment code of this machine
#   --codes FILE       CSV with lines equipo;codigo; only this machine's code stays on it
#   --codes-expire DAY last day of the codes, YYYY-MM-DD
#   --session KIND     cage (Wayland), openbox (X11): the exam is all that this machine shows, from its next start on;
#                      none (default): Atalaya is one program of an ordinary desktop
#
# DESTDIR=/some/folder writes there and only prints the commands that would change the running system (for images,
# and for the tests of this script).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${DESTDIR:-}
state="$root/var/lib/atalaya"
account=examen

package='' server='' room='' device_name='' channel='' code='' codes='' codes_expire='' session=none

fail() {
  echo "atalaya: $*" >&2
  exit 1
}

while [[ $# -gt 0 ]]; do
  [[ $# -ge 2 ]] || fail "falta el valor de $1"
  case $1 in
    --package) package=$2 ;;
    --server) server=$2 ;;
    --room) room=$2 ;;
    --device-name) device_name=$2 ;;
    --channel) channel=$2 ;;
    --code) code=$2 ;;
    --codes) codes=$2 ;;
    --codes-expire) codes_expire=$2 ;;
    --session) session=$2 ;;
    *) fail "opción desconocida: $1" ;;
  esac
  shift 2
done

[[ $server =~ ^https?://[^/[:space:]]+$ ]] || fail '--server debe ser un origen, como https://examenes.universidad.edu.ec'
[[ $session =~ ^(none|cage|openbox)$ ]] || fail '--session debe ser cage, openbox o none'
[[ -z $codes_expire || $codes_expire =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] || fail '--codes-expire debe ser AAAA-MM-DD'
[[ -n $root || $EUID -eq 0 ]] || fail 'ejecute con sudo'
[[ -z $package || -f $package ]] || fail "no se encuentra $package"

# What changes the running system and not a file.
run() {
  if [[ -n $root ]]; then
    echo "+ $*"
  else
    "$@"
  fi
}

# Notes each file that is put in place, so that exactly these are removed again; one that was there is kept aside.
place() {
  local from=$1 to=$2 mode=$3
  mkdir -p "$(dirname "$root$to")" "$state"
  touch "$state/files"
  if ! grep -qxF "$to" "$state/files"; then
    if [[ -e $root$to ]]; then
      mkdir -p "$state/kept$(dirname "$to")"
      cp -a "$root$to" "$state/kept$to"
    fi
    echo "$to" >> "$state/files"
  fi
  install -m "$mode" "$from" "$root$to"
}

json_text() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "$text"
}

write_settings() {
  local file
  file=$(mktemp)
  {
    printf '{\n  "server": %s' "$(json_text "$server")"
    [[ -z $room ]] || printf ',\n  "room": %s' "$(json_text "$room")"
    [[ -z $device_name ]] || printf ',\n  "deviceName": %s' "$(json_text "$device_name")"
    [[ -z $channel ]] || printf ',\n  "updateChannel": %s' "$(json_text "$channel")"
    printf '\n}\n'
  } > "$file"
  place "$file" /etc/atalaya/kiosk.json 644
  rm -f "$file"
}

own_code() {
  if [[ -n $code ]]; then
    echo "$code"
  elif [[ -n $codes ]]; then
    awk -F ';' -v computer="$(hostname)" \
      'tolower($1) == tolower(computer) { gsub(/[ \r]/, "", $2); print $2; exit }' "$codes"
  fi
}

write_enrolment() {
  local own file
  own=$(own_code)
  if [[ -z $own ]]; then
    [[ -z $codes ]] || fail "en $codes no hay código para el equipo $(hostname)"
    return 0
  fi
  file=$(mktemp)
  {
    printf '{\n  "enrolCode": %s' "$(json_text "$own")"
    [[ -z $codes_expire ]] || printf ',\n  "enrolCodesExpire": %s' "$(json_text "$codes_expire")"
    printf '\n}\n'
  } > "$file"
  place "$file" /etc/atalaya/site.json 644
  rm -f "$file"
}

# The exam account: nobody knows a password for it, because it has none and is locked.
make_account() {
  if [[ -z $root ]] && id "$account" > /dev/null 2>&1; then return 0; fi
  run useradd --create-home --shell /usr/sbin/nologin --comment 'Cuenta de examen (Atalaya)' "$account"
  run passwd --lock "$account"
  mkdir -p "$state"
  touch "$state/made-account"
}

# What display-manager.service and the default target were, so that they come back.
note_session() {
  mkdir -p "$state"
  [[ ! -e $state/display-manager ]] || return 0
  readlink "$root/etc/systemd/system/display-manager.service" > "$state/display-manager" || true
  if [[ -z $root ]]; then systemctl get-default > "$state/default-target"; fi
}

use_session() {
  local unit=$1
  note_session
  make_account
  place "$here/atalaya-kiosco.pam" /etc/pam.d/atalaya-kiosco 644
  place "$here/90-atalaya-logind.conf" /etc/systemd/logind.conf.d/90-atalaya.conf 644
  place "$here/90-atalaya-sysctl.conf" /etc/sysctl.d/90-atalaya.conf 644
  place "$here/90-atalaya.rules" /etc/polkit-1/rules.d/90-atalaya.rules 644
  place "$here/$unit" "/etc/systemd/system/$unit" 644
  ln -sfn "/etc/systemd/system/$unit" "$root/etc/systemd/system/display-manager.service"
  ln -sfn /dev/null "$root/etc/systemd/system/ctrl-alt-del.target"
  run systemctl daemon-reload
  run systemctl set-default graphical.target
  run sysctl --quiet --load /etc/sysctl.d/90-atalaya.conf
}

if [[ -n $package ]]; then
  run apt-get install --yes --no-install-recommends "$(realpath "$package")"
fi
write_settings
write_enrolment
case $session in
  cage)
    run apt-get install --yes --no-install-recommends cage
    use_session atalaya-cage.service
    ;;
  openbox)
    run apt-get install --yes --no-install-recommends openbox xserver-xorg xinit x11-xserver-utils
    place "$here/openbox-session" /usr/local/lib/atalaya/openbox-session 755
    place "$here/openbox-rc.xml" /etc/atalaya/openbox-rc.xml 644
    place "$here/90-atalaya-xorg.conf" /etc/X11/xorg.conf.d/90-atalaya.conf 644
    use_session atalaya-x11.service
    ;;
  none) ;;
esac
echo 'atalaya: listo. Reinicie el equipo.'
