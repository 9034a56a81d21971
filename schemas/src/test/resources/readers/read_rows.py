"""Reads zone rows as any Python program would: Debian's avro package, the schema from the registry.

Takes the registry's URL, and on stdin one record's value a line, in hex. Prints one JSON object a line.
"""
import io
import json
import struct
import sys
import urllib.request

import avro.io
import avro.schema

schemas = {}


def schema_of(registry, schema_id):
    if schema_id not in schemas:
        with urllib.request.urlopen("%s/schemas/ids/%d" % (registry, schema_id)) as answer:
            schemas[schema_id] = avro.schema.parse(json.load(answer)["schema"])
    return schemas[schema_id]


for line in sys.stdin:
    value = bytes.fromhex(line.strip())
    magic, schema_id = struct.unpack(">bI", value[:5])
    assert magic == 0, magic
    body = io.BytesIO(value[5:])
    row = avro.io.DatumReader(schema_of(sys.argv[1], schema_id)).read(avro.io.BinaryDecoder(body))
    assert body.read() == b""
    print(json.dumps(row, default=str, sort_keys=True))
