# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts here: how they speak to the person who waits. On a terminal progress is one
# line that is written over; elsewhere a line every now and then.

progress_started=$SECONDS

if [ -t 1 ] && [ "${NO_COLOR:-}" = "" ]; then
  bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
else
  bold='' dim='' plain=''
fi

# step TITLE: begins a part of the whole.
step() { printf '\n%s== %s%s  %s(%s)%s\n' "$bold" "$1" "$plain" "$dim" "$(elapsed)" "$plain"; }

# say TEXT: explains.
say() { printf '%s\n' "$*"; }

elapsed() {
  local seconds=$((SECONDS - progress_started))
  printf '%d:%02d' $((seconds / 60)) $((seconds % 60))
}

die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# with_progress LABEL LOG COMMAND...: runs the command with its output in LOG and shows how far it
# is: the time, and the last "[n/m]" of the log where there is one (ninja). When it fails, the end
# of the log is shown and its exit code returned.
with_progress() {
  local label=$1 log=$2 process state=0 last='' now count=0
  shift 2
  mkdir -p "$(dirname "$log")"
  "$@" </dev/null >"$log" 2>&1 &
  process=$!
  trap 'kill "$process" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$process" 2>/dev/null; do
    now=$(tail -c 8000 "$log" | tr '\r' '\n' | grep -oE '^\[ *[0-9]+/[0-9]+\]' | tail -n 1 || true)
    if [ -t 1 ]; then
      printf '\r\033[K%s %s %s(%s)%s' "$label" "$now" "$dim" "$(elapsed)" "$plain"
    elif [ $((count % 20)) -eq 0 ] && { [ "$now" != "$last" ] || [ $((count % 60)) -eq 0 ]; }; then
      printf '%s %s (%s)\n' "$label" "$now" "$(elapsed)"
      last=$now
    fi
    count=$((count + 1))
    sleep 1
  done
  trap - INT TERM
  wait "$process" || state=$?
  if [ -t 1 ]; then printf '\r\033[K'; fi
  if [ "$state" -eq 0 ]; then
    printf '%s: done (%s)\n' "$label" "$(elapsed)"
  else
    printf '%s: failed with exit code %s. The end of %s:\n' "$label" "$state" "$log" >&2
    tail -n 60 "$log" >&2
  fi
  return "$state"
}
