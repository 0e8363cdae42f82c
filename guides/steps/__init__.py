"""The steps of a case: each says what it is about, shows what it would do, does it, and proves it."""
