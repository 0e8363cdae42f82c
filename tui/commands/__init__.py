"""Commands, one a file: each has run(arguments) and answers an exit code."""
