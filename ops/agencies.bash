# SPDX-License-Identifier: Apache-2.0
# Sourced by ops/quickstart: four agencies with root keys, an administrator and an officer each.

readonly agency_kinds="police prosecution court ngo"

agency_name() {
  case $1 in
    police) echo "Національна поліція" ;;
    prosecution) echo "Одеська обласна прокуратура" ;;
    court) echo "Приморський районний суд" ;;
    ngo) echo "Громадська організація «Світанок»" ;;
  esac
}

# officer_of AGENCY: profile, role and name of the person who speaks for it in the story.
officer_of() {
  case $1 in
    police) echo "investigator investigator Слідча Поліція" ;;
    prosecution) echo "prosecutor prosecutor Прокурор Одеса" ;;
    court) echo "clerk court_clerk Секретар Суду" ;;
    ngo) echo "caseworker caseworker Працівниця Світанку" ;;
  esac
}

# shown COMMAND...: prints the command as a person would type it, then runs it.
shown() {
  local word line='$'
  for word in "$@"; do
    word=${word//"$state/"/}
    case $word in
      *[!A-Za-z0-9_./:=@,+-]*) line+=" \"$word\"" ;;
      *) line+=" $word" ;;
    esac
  done
  printf '%s%s%s\n' "$bold" "$line" "$plain"
  "$@" </dev/null
}

# quietly COMMAND...: its output only when it fails.
quietly() {
  local output
  output=$("$@" 2>&1 </dev/null) || { printf '%s\n' "$output" >&2; die "failed: $*"; }
}

# The unsigned genesis is made once; each root signs it; the server then begins the journal.
found_agencies() {
  if [ -s "$state/genesis.hash" ]; then
    say "The journal exists; its genesis hash is $(cat "$state/genesis.hash")."
    return 0
  fi
  say "Each agency makes a root key, encrypted under a passphrase and kept offline in real life."
  local kind arguments=()
  : >"$state/founding"
  for kind in $agency_kinds; do
    shown oberih agency create --kind "$kind" --name "$(agency_name "$kind")" \
      --root "$state/agencies/$kind.root" --card "$state/agencies/$kind.agency"
    cp "$state/agencies/$kind.agency" "$exchange/"
    arguments+=(--agency "$exchange/$kind.agency")
  done
  give_to_service "$exchange"
  say "The operator writes the genesis; every root signs it. No agency can be added unseen later."
  quietly oberihd init --origin journal.oberih.example "${arguments[@]}" --out "$exchange/genesis"
  for kind in $agency_kinds; do
    shown oberih agency sign --yes --root "$state/agencies/$kind.root" --genesis "$exchange/genesis"
  done
  give_to_service "$exchange"
  local founded
  founded=$(oberihd init --signed "$exchange/genesis")
  say "$founded"
  if [[ $founded =~ [0-9a-f]{64} ]]; then echo "${BASH_REMATCH[0]}" >"$state/genesis.hash.new"; fi
  [ -s "$state/genesis.hash.new" ] || die "oberihd init --signed named no genesis hash"
  mv "$state/genesis.hash.new" "$state/genesis.hash"
  say "That hash is what every client pins: compare it by voice, not over the server."
}

enrol_administrator() {  # of AGENCY
  local kind=$1 profile=$1-admin
  [ ! -e "$state/enrolled.$profile" ] || { quietly oberih --profile "$profile" unlock; return 0; }
  rm -rf "${OBERIH_HOME:?}/$profile"
  quietly oberih --profile "$profile" profile create --server "127.0.0.1:$(server_port)" \
    --genesis "$(cat "$state/genesis.hash")"
  quietly oberih --profile "$profile" device request --agency "$state/agencies/$kind.agency" \
    --role agency_admin --name "Адміністратор: $(agency_name "$kind")" \
    --out "$state/agencies/$profile.request"
  quietly oberih agency certify --yes --root "$state/agencies/$kind.root" \
    --request "$state/agencies/$profile.request" --out "$state/agencies/$profile.leaf"
  cp "$state/agencies/$profile.leaf" "$exchange/"
  give_to_service "$exchange"
  quietly oberihd directory append "$exchange/$profile.leaf"
  quietly oberih --profile "$profile" unlock
  : >"$state/enrolled.$profile"
}

enrol_officer() {  # AGENCY PROFILE ROLE NAME...
  local admin=$1-admin profile=$2 role=$3 stem=$state/agencies/$2
  shift 3
  [ ! -e "$state/enrolled.$profile" ] || { quietly oberih --profile "$profile" unlock; return 0; }
  rm -rf "${OBERIH_HOME:?}/$profile"
  quietly oberih --profile "$admin" device invite --role "$role" --out "$stem.invitation"
  quietly oberih --profile "$profile" device request --invitation "$stem.invitation" \
    --name "$*" --out "$stem.request"
  quietly oberih --profile "$admin" device certify --yes --request "$stem.request"
  quietly oberih --profile "$profile" unlock
  : >"$state/enrolled.$profile"
}

enrol_everybody() {
  say "The root certifies an administrator, who certifies the officer. Keys never leave a device."
  local kind
  for kind in $agency_kinds; do
    enrol_administrator "$kind"
    # shellcheck disable=SC2046  # a profile, a role and a name of several words
    enrol_officer "$kind" $(officer_of "$kind")
    say "  $(agency_name "$kind"): $(officer_of "$kind" | cut -d' ' -f3-)"
  done
  shown oberih --profile investigator status
}
