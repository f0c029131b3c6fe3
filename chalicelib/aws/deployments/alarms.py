"""Alarms of CloudWatch that end a deployment."""

from collections.abc import Sequence
from typing import Any


def ringing(client: Any, names: Sequence[str]) -> list[str]:
    """Those of the named alarms, metric or composite, that are in the state ALARM. ``client`` is CloudWatch's."""
    if not names:
        return []
    answer = client.describe_alarms(
        AlarmNames=list(names), AlarmTypes=["MetricAlarm", "CompositeAlarm"], StateValue="ALARM"
    )
    found = [alarm["AlarmName"] for kind in ("MetricAlarms", "CompositeAlarms") for alarm in answer.get(kind, ())]
    return sorted(found)
