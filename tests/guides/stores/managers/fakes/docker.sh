# Fake of `docker pass`, from docker/secrets-engine, plugins/pass/commands/{get,set,rm}.go and docs.docker.com.
# STATE is set by whoever installs it. Secrets are files, a slash in a name written as a comma.
echo "$*" >> "$STATE/argv"
mode=
[ -e "$STATE/mode" ] && mode=$(cat "$STATE/mode")
[ -n "$mode" ] && [ "$mode" != masks ] && { echo "$mode" >&2; exit 1; }
for name; do :; done
file="$STATE/secret-$(echo "$name" | tr / ,)"
case "$*" in
*=*) echo "a value on the command line" >&2; exit 1 ;;
"pass set $name") cat > "$file"; exit 0 ;;
"pass get --reveal $name" | "pass rm $name") ;;
*) echo "unknown command: $*" >&2; exit 1 ;;
esac
[ -e "$file" ] || { echo "$name: credentials not found" >&2; exit 1; }
[ "$2" = rm ] && { rm "$file"; echo "RM: $name"; exit 0; }
printf 'ID: %s\nValue: ' "$name"
if [ "$mode" = masks ]; then printf '**********'; else cat "$file"; fi
echo
