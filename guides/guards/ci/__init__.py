"""Set-ups that let a CI system look at what each change brings: one template a system, and their look-up."""
