"""What the drivers in Python share: the line protocol of ../../vectors/README.md, and JSON for bytes, texts and values."""

import base64
import json
import math
import sys


class Unsupported(Exception):
    """The library does not have what it was asked for."""


def to_b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opaque_to_text(data):
    """A kid in JSON: the text that its bytes are, or ~ and their base64url."""
    try:
        text = data.decode()
        if not text.startswith("~") and not any(ord(c) < 32 or ord(c) == 127 for c in text):
            return text
    except UnicodeDecodeError:
        pass
    return "~" + to_b64(data)


def opaque_from_text(text):
    return from_b64(text[1:]) if text.startswith("~") else text.encode()


def value_to_json(value, tell_other):
    """A CBOR value in JSON, without loss; what is of a type of the library is told by tell_other."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"integer": str(value)}
    if isinstance(value, float):
        if math.isnan(value):
            return {"float": "NaN"}
        if math.isinf(value):
            return {"float": "Infinity" if value > 0 else "-Infinity"}
        return {"float": "-0"} if value == 0 and math.copysign(1, value) < 0 else value
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": to_b64(value)}
    if isinstance(value, (list, tuple)):
        return [value_to_json(each, tell_other) for each in value]
    if hasattr(value, "items"):
        return {"map": [[value_to_json(k, tell_other), value_to_json(v, tell_other)] for k, v in value.items()]}
    return tell_other(value)


def value_from_json(told, undefined):
    if isinstance(told, list):
        return [value_from_json(each, undefined) for each in told]
    if not isinstance(told, dict):
        return int(told) if isinstance(told, float) and told.is_integer() and abs(told) < 2**53 else told
    ((name, content),) = told.items()
    if name == "integer":
        return int(content)
    if name == "float":
        return float(content.replace("Infinity", "inf"))
    if name == "bytes":
        return from_b64(content)
    if name == "map":
        pairs = [(value_from_json(k, undefined), value_from_json(v, undefined)) for k, v in content]
        try:
            return dict(pairs)
        except TypeError as error:
            raise Unsupported(str(error)) from error
    if name == "simple" and content == "undefined":
        return undefined
    raise Unsupported(name)


def serve(name, version, operations, inputs=("hex",)):
    """Answers each request by the operation of its name, which gives the members of the answer, or raises."""
    describe = {"name": name, "version": version, "inputs": list(inputs), "deterministic": False}
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            if request["op"] == "describe":
                answer = describe
            elif request.get("options"):
                raise Unsupported("options")
            elif request["op"] not in operations:
                raise Unsupported(request["op"])
            else:
                answer = operations[request["op"]](request)
            answer = {"ok": True, **answer}
        except Unsupported as error:
            answer = {"ok": False, "reason": "unsupported", "message": str(error)}
        except Exception as error:  # whatever the library raises is its refusal
            answer = {"ok": False, "reason": "refused", "message": f"{type(error).__name__}: {error}"[:300]}
        sys.stdout.write(json.dumps({"id": request["id"], **answer}) + "\n")
        sys.stdout.flush()
