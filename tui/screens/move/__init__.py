"""The move of logins into a store, as a row of screens: store, questions, preview, progress, result; and its undo."""
