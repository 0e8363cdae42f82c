# Fake of gopass 1.12 and newer, from its docs/commands/{show,insert,delete}.md and docs/exit-codes.md.
# STATE is set by whoever installs it. Entries are files, a slash in a name written as a comma.
echo "$*" >> "$STATE/argv"
[ -s "$STATE/mode" ] && exit "$(cat "$STATE/mode")"
for name; do :; done
file="$STATE/entry-$(echo "$name" | tr / ,)"
case "$*" in
"insert --force $name") cat > "$file"; exit 0 ;;
"show --noparsing --unsafe --nofuzzysearch $name" | "rm --force $name") ;;
*) exit 2 ;;
esac
[ -e "$file" ] || { echo "Error: entry '$name' not found" >&2; exit 10; }
if [ "$1" = show ]; then cat "$file"; else rm "$file"; fi
