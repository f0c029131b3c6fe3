"""Baselines and windows for monitors: what a model's data looked like, as counts in fixed bins, without the data.

``baseline`` summarises the data that a model was trained or evaluated on, ``window`` what it sees later, in the bins of
the baseline, and ``merge`` joins the windows of several servers. ``Collector`` makes the windows of a server that runs.
The modules beside them read what other tools measured. NumPy and pandas are used if they are there, and never imported.
"""

from moorage.monitoring.collector import ClosedWindow, Collector
from moorage.monitoring.feature import FeatureSummary
from moorage.monitoring.findings import Finding
from moorage.monitoring.profile import Profile, baseline, merge, window

__all__ = ["ClosedWindow", "Collector", "FeatureSummary", "Finding", "Profile", "baseline", "merge", "window"]
