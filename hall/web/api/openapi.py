"""The API described by itself: /api/v1/openapi.json for programs, /api/v1/docs for people."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import Response, jsonify, render_template

from hall.web.api.fields import Field
from hall.web.api.operations import Operation, blueprint, operations
from hall.web.api.schemas import SCHEMAS, Schema

REFUSALS = {
    401: "no or bad credential",
    403: "this role may not",
    404: "not there, or not this hall's",
    409: "the hall's state or a rule forbids it; the text says what to do",
    422: "a field is missing or wrong; `path` names it",
}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The whole API as OpenAPI 3.1."""
    return jsonify(document())


@blueprint.get("/docs")
def docs() -> str:
    """The same, to read."""
    return render_template("api/docs.html", api=document(), operations=operations, refusals=REFUSALS)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, from the declarations of the operations."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(f"/api/v1{operation.path}", {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tidehall", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _described(operation: Operation) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", operation.path)
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": "Roles: " + ", ".join(sorted(operation.roles)),
        "parameters": [
            *({"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names),
            *(_query(field) for field in operation.query),
        ],
        "responses": {
            **{str(status): _answer(status, schema) for status, schema in operation.answers.items()},
            **{str(status): _refusal(text) for status, text in REFUSALS.items()},
        },
    }
    if operation.body:
        content = {"application/json": {"schema": _body(operation.body)}}
        described["requestBody"] = {"required": operation.method == "POST", "content": content}
    return described


def _query(field: Field) -> dict[str, Any]:
    return {"name": field.name, "in": "query", "required": field.required, "schema": field.schema}


def _body(fields: tuple[Field, ...]) -> Schema:
    return {
        "type": "object",
        "required": [field.name for field in fields if field.required],
        "properties": {
            field.name: field.schema if field.required else {"anyOf": [field.schema, {"type": "null"}]}
            for field in fields
        },
    }


def _answer(status: int, schema: str | None) -> dict[str, Any]:
    if schema is None:
        return {"description": "nothing to do" if status == 204 else "done"}
    return {"description": "the answer", "content": _content(schema)}


def _refusal(text: str) -> dict[str, Any]:
    return {"description": text, "content": _content("Error")}


def _content(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
