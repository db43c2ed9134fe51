#!/bin/sh
# A `reg.exe` for the tests: query, add and delete on files, in the format and with the exit codes of the
# real one. REG_STATE is the folder: one folder per key, one file per value (type, blank, data).
#   sh recording-reg.sh query|add|delete KEY [/v NAME] [/t TYPE] [/d DATA] [/f]
verb=$1
key=$2
shift 2
name= type=REG_SZ data=
while [ $# -gt 0 ]; do
  case $1 in
    /v) name=$2; shift 2 ;;
    /t) type=$2; shift 2 ;;
    /d) data=$2; shift 2 ;;
    *) shift ;;
  esac
done
printf '%s %s %s\n' "$verb" "$key" "$name" >>"$REG_STATE.calls"
folder=$REG_STATE/$(printf '%s' "$key" | tr '\\ ' '_-')
missing() {
  printf 'ERROR: The system was unable to find the specified registry key or value.\r\n' >&2
  exit 1
}
case $verb in
  query)
    [ -d "$folder" ] || missing
    printf '\r\n%s\r\n' "HKEY_CURRENT_USER${key#HKCU}"
    for file in "$folder"/*; do
      [ -f "$file" ] || continue
      read -r line <"$file"
      printf '    %s    %s    %s\r\n' "${file##*/}" "${line%% *}" "${line#* }"
    done
    printf '\r\n'
    ;;
  add)
    mkdir -p "$folder"
    printf '%s %s\n' "$type" "$data" >"$folder/$name.part"
    mv "$folder/$name.part" "$folder/$name"
    printf 'The operation completed successfully.\r\n\r\n'
    ;;
  delete)
    [ -f "$folder/$name" ] || missing
    rm "$folder/$name"
    printf 'The operation completed successfully.\r\n\r\n'
    ;;
esac
