# SPDX-License-Identifier: Apache-2.0
# Sourced by ops/quickstart: the first story, told with the commands that people type.

readonly question="Затримано двох підозрюваних. Потрібне погодження."
readonly answer="Погоджено. Готуйте клопотання."
readonly follow_up="Клопотання готове, чекаю до вечора."

# The first "device" (or other field) of a command's --json.
field() { jq -r --arg name "$1" '[.. | objects | .[$name]? // empty | strings] | first // empty'; }

device_of() { oberih --json --profile "$1" status </dev/null | field device; }

# expect_refusal EXIT_CODE COMMAND...: a refusal is part of the story; anything else stops it.
expect_refusal() {
  local expected=$1 status=0
  shift
  shown "$@" 2>&1 || status=$?
  say "(exit code $status)"
  [ "$status" -eq "$expected" ] || die "expected exit code $expected"
}

wait_for_text() {  # TEXT FILE: 20 seconds at most
  local tries
  for ((tries = 0; tries < 400; ++tries)); do
    if grep -qF "$1" "$2"; then return 0; fi
    sleep 0.05
  done
  cat "$2" >&2
  die "this never arrived: $1"
}

# A new run tells the story in a new channel; the old ones stay readable.
choose_title() {
  local run
  run=$(($(cat "$state/runs" 2>/dev/null || echo 0) + 1))
  echo "$run" >"$state/runs"
  channel_title=417
  if [ "$run" -gt 1 ]; then channel_title=417-$run; fi
}

open_channel() {
  say "Investigator Police opens the case channel. Its key is made on this device and wrapped for"
  say "each device on the roster; the server stores only what it cannot open."
  shown oberih --profile investigator channel create --kind case --title "$channel_title"
  say "She adds Prosecutor Odesa; a signed record says who joined, by whom and on what ground."
  shown oberih --profile investigator channel add "$channel_title" \
    --device "$(device_of prosecutor)" --mandate "Постанова 417/1"
}

talk() {
  local followed=$state/follow.out follower
  say "Prosecutor Odesa follows the channel live (in another window, so to speak):"
  printf '%s$ oberih --profile prosecutor message follow %s &%s\n' "$bold" "$channel_title" "$plain"
  oberih --profile prosecutor message follow "$channel_title" </dev/null >"$followed" 2>&1 &
  follower=$!
  sleep 1
  shown oberih --profile investigator message post "$channel_title" "$question"
  wait_for_text "$question" "$followed"
  say "On the prosecutor's screen:"
  sed 's/^/  | /' "$followed"
  say "The investigator goes offline. The prosecutor answers meanwhile:"
  shown oberih --profile prosecutor message post "$channel_title" "$answer"
  kill -INT "$follower" 2>/dev/null || true
  wait "$follower" || true
  say "She comes back, gets exactly what she missed, and goes on:"
  shown oberih --profile investigator message read "$channel_title"
  shown oberih --profile investigator message post "$channel_title" "$follow_up"
}

meet_refusals() {
  local channel unknown
  channel=$(oberih --json --profile investigator channel show "$channel_title" </dev/null |
    field channel)
  unknown=$(printf %s "$channel" | tr 0123456789abcdef 123456789abcdef0)
  say "The NGO's caseworker is not on the roster. A channel that never was gets the same answer:"
  expect_refusal 69 oberih --profile caseworker message read "$channel"
  expect_refusal 69 oberih --profile caseworker message read "$unknown"
  say "A court has no seat in a case channel, and the refusal says why:"
  expect_refusal 77 oberih --profile investigator channel add "$channel_title" \
    --device "$(device_of clerk)" --mandate "Постанова 417/2"
}

look_into_database() {
  local connection dump
  connection="$("$here/postgres-cluster" status "$cluster") user=oberih_superuser"
  say "What the operator sees with all rights: ciphertext, signed headers, hashes."
  psql -X "$connection" -c "SELECT journal_index, channel_seq, octet_length(ciphertext) AS bytes,
    left(encode(ciphertext, 'hex'), 40) || '...' AS ciphertext
    FROM entry JOIN ciphertext USING (journal_index) ORDER BY journal_index DESC LIMIT 3"
  dump=$state/dump.sql
  (umask 077; pg_dump -d "$connection" >"$dump")
  local text hexadecimal
  for text in "$question" "$answer" "$follow_up"; do
    hexadecimal=$(printf %s "$text" | od -An -tx1 | tr -d ' \n')
    if grep -qF -e "$text" -e "$hexadecimal" "$dump"; then
      die "a word of the conversation stands in the database: $text"
    fi
  done
  say "The whole dump ($(wc -c <"$dump") bytes) was searched: no word of the conversation is in it."
  rm -f "$dump"
}

play_story() {
  choose_title
  open_channel
  talk
  meet_refusals
  look_into_database
  say "Last, the whole journal is recomputed and compared with the signed checkpoint:"
  printf '%s$ oberihd check%s\n' "$bold" "$plain"
  oberihd check
}
