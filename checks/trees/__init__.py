"""Reading whole trees: which folders, in what order, by which processes, and what need not be read again."""
