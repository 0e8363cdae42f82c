#!/usr/bin/env bash
# Runs Bash snippets: each file's read_secret, told as one line.
for path in "$@"; do
  name=$(basename "$path" .sh)
  # shellcheck disable=SC2016
  if secret=$(bash -c 'source "$1"; secret=$(read_secret); printf %s "$secret" | base64 -w0' _ "$path" 2>"$path.err"); then
    printf '%s ok %s\n' "$name" "$secret"
  else
    printf '%s error %s\n' "$name" "$(base64 -w0 <"$path.err")"
  fi
done
