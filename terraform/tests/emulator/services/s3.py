"""S3: moto ignores a bucket policy's conditions, and so would deny everything that «only by TLS» says."""

from __future__ import annotations

from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult

_permitted = IAMPolicyStatement.is_action_permitted


def _unless_conditional(self: IAMPolicyStatement, *args: Any, **kwargs: Any) -> PermissionResult:
    if self._statement.get("Effect") == "Deny" and "Condition" in self._statement:
        return PermissionResult.NEUTRAL
    return _permitted(self, *args, **kwargs)


IAMPolicyStatement.is_action_permitted = _unless_conditional
