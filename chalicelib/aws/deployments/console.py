"""Links to pages of the AWS console."""

from typing import Any, Final
from urllib.parse import quote

_HOSTS: Final = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}


def page(client: Any, path: str) -> str:
    """The address of a page in the region and partition of ``client``. ``path`` is quoted where it has to be."""
    region = client.meta.region_name
    host = _HOSTS.get(client.meta.partition, "console.aws.amazon.com")
    return f"https://{region}.{host}/{quote(path, safe='/#?&=:-_.')}"
