"""Pictures of metrics over versions. matplotlib is imported when the first one is drawn."""

from typing import TYPE_CHECKING, Final

from moorage.extras import need
from moorage.search import Series

if TYPE_CHECKING:
    import matplotlib.axes

_BETTER: Final = {"up": " (higher is better)", "down": " (lower is better)"}


def plot_series(series: Series, axes: "matplotlib.axes.Axes | None" = None) -> "matplotlib.axes.Axes":
    """Draw each metric as a line over the numbers of its versions. Returns the axes, to be labelled or saved.

    One metric is named beside its axis, several in a legend.
    """
    pyplot = need("matplotlib.pyplot", "plot", "a plot")
    ticker = need("matplotlib.ticker", "plot", "a plot")
    drawn = pyplot.subplots()[1] if axes is None else axes
    labels = {metric: metric + _BETTER.get(series.directions.get(metric, ""), "") for metric in series.metrics}
    for metric, points in series.metrics.items():
        numbers, values = [point.number for point in points], [point.value for point in points]
        drawn.plot(numbers, values, marker="o", label=labels[metric])
    drawn.set_title(series.model)
    drawn.set_xlabel("version")
    # There are no versions between two numbers.
    drawn.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
    if axes is None and len(labels) == 1:
        (label,) = labels.values()
        drawn.set_ylabel(label)
    else:
        drawn.legend()
    return drawn
