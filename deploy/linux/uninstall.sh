#!/bin/bash
# Takes the Atalaya kiosk off a machine and leaves it as it was before install.sh. Not during an exam.
#
#   sudo ./uninstall.sh [--purge] [--force]
#
#   --purge   also removes the exam account's data: the device's key and exams that were not delivered yet
#   --force   goes on although the kiosk could not give back what a crash left (its account does at its next sign-in)
#
# DESTDIR as in install.sh.
set -euo pipefail

root=${DESTDIR:-}
state="$root/var/lib/atalaya"
account=examen
program=/opt/Atalaya/atalaya

fail() {
  echo "atalaya: $*" >&2
  exit 1
}

purge=no
force=no
for option in "$@"; do
  case $option in
    --purge) purge=yes ;;
    --force) force=yes ;;
    *) fail "opción desconocida: $option" ;;
  esac
done
[[ -n $root || $EUID -eq 0 ]] || fail 'ejecute con sudo'

run() {
  if [[ -n $root ]]; then
    echo "+ $*"
  else
    "$@"
  fi
}

# First the kiosk itself gives back what a crash may have left in the account that used it.
if [[ -n $root || -x $program ]]; then
  run systemctl stop atalaya-cage.service atalaya-x11.service || true
  if [[ -n $root ]] || id "$account" > /dev/null 2>&1; then
    run runuser -u "$account" -- "$program" --restore --ozone-platform=headless || [[ $force == yes ]] ||
      fail 'el kiosco no pudo devolver el equipo; repita después de reiniciar, o con --force'
  fi
fi

if [[ -e $state/files ]]; then
  while IFS= read -r file; do
    rm -f "$root$file"
    if [[ -e $state/kept$file ]]; then cp -a "$state/kept$file" "$root$file"; fi
  done < "$state/files"
fi
# Folders that only the kiosk had; others, or with something else in them, stay.
for folder in /etc/atalaya /usr/local/lib/atalaya; do
  if [[ -d $root$folder ]]; then rmdir --ignore-fail-on-non-empty "$root$folder"; fi
done

link="$root/etc/systemd/system/display-manager.service"
if [[ -e $state/display-manager ]]; then
  rm -f "$link" "$root/etc/systemd/system/ctrl-alt-del.target"
  before=$(< "$state/display-manager")
  if [[ -n $before ]]; then ln -s "$before" "$link"; fi
  if [[ -s $state/default-target ]]; then run systemctl set-default "$(< "$state/default-target")"; fi
fi
run systemctl daemon-reload
run sysctl --quiet --system
run apt-get purge --yes atalaya-kiosco

if [[ -e $state/made-account ]]; then
  if [[ $purge == yes ]]; then
    run userdel --remove "$account"
  else
    run userdel "$account"
    echo "atalaya: los datos de la cuenta $account se conservan; --purge los borra"
  fi
fi
rm -rf "$state"
echo 'atalaya: listo. Reinicie el equipo.'
