"""cbor2 (Python) behind the line protocol: bare CBOR."""

import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "shared"))
import cbor2  # noqa: E402
from driver import Unsupported, serve, value_from_json, value_to_json  # noqa: E402


class Untold(Exception):
    """A value that JSON has no words for, such as a tag."""


def tell_other(value):
    if value is cbor2.undefined:
        return {"simple": "undefined"}
    raise Untold


def decode(request):
    if request["message"] != "cbor":
        raise Unsupported(request["message"])
    value = cbor2.loads(bytes.fromhex(request["hex"]))
    try:
        return {"value": value_to_json(value, tell_other)}
    except Untold:
        return {}


def encode(request):
    if request["message"] != "cbor":
        raise Unsupported(request["message"])
    return {"hex": cbor2.dumps(value_from_json(request["value"], cbor2.undefined)).hex()}


serve("cbor2 (Python)", version("cbor2"), {"decode": decode, "encode": encode})
