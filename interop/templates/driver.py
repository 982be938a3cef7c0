"""A codec in Python: answers JSON requests on lines of standard input with JSON on lines of standard output."""

import json
import sys


class Unsupported(Exception):
    """The library does not have it."""


def decode(message, data):
    """The JSON twin of a message. YOUR LIBRARY goes here; what it raises becomes a refusal."""
    if message == "error-response" and data == bytes.fromhex("a1181e03"):
        return {"error": "invalid_grant"}
    raise Unsupported(message)


def encode(message, value):
    """The CBOR of a message that its JSON twin stands for. YOUR LIBRARY goes here."""
    if message == "error-response" and value == {"error": "invalid_grant"}:
        return bytes.fromhex("a1181e03")
    raise Unsupported(message)


def answer(request):
    if request["op"] == "describe":
        return {"ok": True, "name": "my-library", "version": "0.0.0", "inputs": ["hex"], "deterministic": False}
    if request.get("options"):
        raise Unsupported("options")
    if request["op"] == "decode":
        return {"ok": True, "value": decode(request["message"], bytes.fromhex(request["hex"])), "violations": None, "unknown": None}
    if request["op"] == "encode":
        return {"ok": True, "hex": encode(request["message"], request["value"]).hex()}
    raise Unsupported(request["op"])


for line in sys.stdin:
    request = json.loads(line)
    try:
        told = answer(request)
    except Unsupported:
        told = {"ok": False, "reason": "unsupported"}
    except Exception as error:
        told = {"ok": False, "reason": "refused", "message": str(error)}
    print(json.dumps({"id": request["id"], **told}), flush=True)
