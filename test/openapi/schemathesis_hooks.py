"""What Schemathesis has to be told of requests that should be accepted, since no schema can say it."""

import json
import os
import re
import urllib.request

import schemathesis

KEY = os.environ["OPENRMAT_KEY"]
NAME = re.compile(r"`(\w+)`")


def described(case, parameter):
    """The first of the names that the description of a parameter lists."""
    return NAME.findall(case.operation.query.get(parameter).definition["description"])[0]


@schemathesis.hook
def map_case(context, case):
    """Gives parameters that name something else of the contract one such name each."""
    query = case.query
    if case.meta is None or not case.meta.generation.mode.is_positive or not query:
        return case
    # Only an answer tells a cursor, and it belongs to the filters and the sort of that answer.
    query.pop("cursor", None)
    # What is answered has only those fields then, and schemas describe whole records, as clients want them.
    query.pop("fields", None)
    for parameter in ("facets", "groupBy"):
        if parameter in query:
            query[parameter] = described(case, parameter)
    if case.operation.path == "/v1/stats/intervals":
        query.update({"from": "designation:fda:rmat:granted", "to": "application:BLA:approved"})
    return case


@schemathesis.hook
def filter_case(context, case):
    """Leaves Schemathesis its key."""
    if case.operation.path != "/v1/keys/{id}" or case.operation.method.lower() != "delete":
        return True
    return (case.path_parameters or {}).get("id") not in own_names(case)


names = []


def own_names(case):
    """The id of the key in use, and the part of it that is no secret."""
    if not names:
        prefix = KEY.rsplit("_", 1)[0]
        url = f"{case.operation.base_url.rstrip('/')}/v1/keys/{prefix}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {KEY}"})
        with urllib.request.urlopen(request) as answer:
            names.extend([prefix, json.load(answer)["id"]])
    return names
