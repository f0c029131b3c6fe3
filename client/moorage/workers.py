"""Running jobs on several threads until the first failure."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Result = TypeVar("Result")


def run_all(
    jobs: Iterable[Callable[[], Result]], threads: int, given_up: threading.Event | None = None
) -> list[Result]:
    """Run the jobs and return their results in order.

    If a job raises, jobs that have not started are dropped, running jobs are waited for, and the exception is raised.
    ``given_up`` is set then, for jobs that would wait in vain.
    """
    with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="moorage") as pool:
        futures: list[Future[Result]] = [pool.submit(job) for job in jobs]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            if given_up is not None:
                given_up.set()
            for future in futures:
                future.cancel()
    for future in futures:
        if not future.cancelled() and (failure := future.exception()) is not None:
            raise failure
    return [future.result() for future in futures]
