# What does the change bring? The commits of $head that are not in $base. Known so far: $target, where a pull request
# goes to; $before, the commit at which the branch was; $branch or $tag, what was pushed; $main. Only $main is never empty.
stop() { echo "dockhygiene: $1" >&2; exit 3; }
is_here() { git cat-file -e "$1^{commit}" 2>/dev/null; }
has_branch() {
  is_here "refs/remotes/origin/$1" ||
    GIT_TERMINAL_PROMPT=0 git fetch --quiet origin "+refs/heads/$1:refs/remotes/origin/$1"
}
in_common() { git merge-base "refs/remotes/origin/$1" "$head" || echo "$nothing"; }

nothing=0000000000000000000000000000000000000000
shallow=$(git rev-parse --is-shallow-repository) || stop "git cannot read this clone, see above"
[ "$shallow" = false ] || stop "this clone is shallow, so what the change brings cannot be told; clone the whole history"
head=$(git rev-parse --verify --quiet "refs/tags/$tag" || git rev-parse --verify HEAD)
if [ -n "$target" ] && has_branch "$target"; then
  base=$(in_common "$target")
elif [ -n "$before" ] && is_here "$before"; then
  base=$before
elif [ -n "$target" ]; then
  stop "the branch $target is not in this clone, so what the change brings cannot be told; fetch it too"
elif [ "$branch" = "$main" ]; then
  base=$nothing  # its first push, or a forced one: all of it is looked at
elif has_branch "$main"; then
  base=$(in_common "$main")  # a new branch, a forced push, a tag
else
  stop "the branch $main is not in this clone; fetch it too, or name your main branch in this set-up"
fi
echo "dockhygiene looks at $base..$head"
