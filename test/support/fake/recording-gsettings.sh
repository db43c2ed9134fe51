#!/bin/sh
# A `gsettings` for machines without one: a file per value under GSETTINGS_STATE/now, what the system came
# with under GSETTINGS_STATE/default; a schema is a folder.
#   sh recording-gsettings.sh list-schemas | list-recursively S | get S K | set S K V | reset S K
now=$GSETTINGS_STATE/now
default=$GSETTINGS_STATE/default
# Leaves it in $text; no process of its own, since there are hundreds of values.
value() {
  if [ -f "$now/$1/$2" ]; then read -r text <"$now/$1/$2"; else read -r text <"$default/$1/$2"; fi
}
known() {
  [ -d "$default/$1" ] || { echo "No such schema “$1”" >&2; exit 1; }
  [ -z "$2" ] || [ -f "$default/$1/$2" ] || { echo "No such key “$2”" >&2; exit 1; }
}
case $1 in
  list-schemas) ls "$default" ;;
  list-recursively)
    known "$2" ""
    for file in "$default/$2"/*; do
      key=${file##*/}
      value "$2" "$key"
      printf '%s %s %s\n' "$2" "$key" "$text"
    done
    ;;
  get) known "$2" "$3"; value "$2" "$3"; printf '%s\n' "$text" ;;
  set)
    known "$2" "$3"
    [ -d "$now/$2" ] || mkdir -p "$now/$2"
    text=$4
    [ "$text" = '[]' ] && text='@as []'
    # Who is killed is the kiosk, never its tools: what they write is whole.
    printf '%s\n' "$text" >"$now/$2/$3"
    ;;
  reset) known "$2" "$3"; [ ! -f "$now/$2/$3" ] || rm "$now/$2/$3" ;;
esac
