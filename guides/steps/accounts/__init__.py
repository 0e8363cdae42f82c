"""What a provider's API can do for a case, in the words of the steps: evidence, a new credential, revoking the old."""

from guides.steps.accounts.catalog import account_for

__all__ = ["account_for"]
