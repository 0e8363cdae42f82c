"""Supabase's signed keys from before 2025: the role says which one opens every row and which one browsers carry."""

from __future__ import annotations

from checks.detect.validity import json_web_token

_SECRET_ROLE = "service_role"


def service_role(token: str) -> bool:
    return json_web_token.test(token) and json_web_token.claims_of(token).get("role") == _SECRET_ROLE
