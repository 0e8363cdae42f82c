"""The words of the design as types: Secret, Finding, Place, Credential, Workstation, Check."""
