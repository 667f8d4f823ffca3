#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A tiny pass over all workloads: every row there, nothing lost, nothing doubled. No times.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" all --scale 0.01 --seconds 0.3 --runs 1 --sizes 100000 --json "$folder/rows.json"
jq -e '(map(select(.workload != "abuse" and .workload != "verify")) | length) == 13
  and (map(select(.workload == "verify")) | length) == 2
  and all(.[]; has("posts_s_min") and has("kib_per_conn_max"))
  and all(.[]; (.lost // 0) == 0 and (.doubled // 0) == 0)
  and all(.[] | select(.workload | IN("W1", "W2", "W5", "W6", "W7", "W8", "verify"));
      .lost == 0 and .deliv_s > 0)
  and (map(select(.workload == "abuse")) | length) == 16
  and all(.[] | select(.workload == "abuse"); .lost == 0 and .doubled == 0 and .peak_mib > 0)
  and all(.[] | select(.workload == "W4"); .kib_per_conn != null)' "$folder/rows.json"
