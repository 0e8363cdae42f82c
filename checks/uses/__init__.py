"""Where a credential is used: files of some thirty systems, read for logins, and for the names of logins."""
