"""Git repositories: how they are found and read without anything of theirs running."""
