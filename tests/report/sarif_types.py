"""The part of SARIF 2.1.0 that this project writes, as types that take nothing else.

Written by the standard's text and held, name by name, to the types that its schema generates: names, enumerations,
bounds and what is required are the schema's; everything that the writer does not use is left out.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Level = Literal["none", "note", "warning", "error"]
Count = Annotated[int, Meta(ge=0)]
Index = Annotated[int, Meta(ge=-1)]
Place = Annotated[int, Meta(ge=1)]
Rank = Annotated[float, Meta(ge=-1, le=100)]
Uri = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+$")]
Said = Annotated[str, Meta(min_length=1)]


class Strict(msgspec.Struct, forbid_unknown_fields=True, rename="camel", kw_only=True):
    pass


class Message(Strict):
    text: Said


class ArtifactLocation(Strict):
    uri: Uri
    index: Index = -1


class Snippet(Strict):
    text: str


class Region(Strict):
    start_line: Place | None = None
    start_column: Place | None = None
    end_line: Place | None = None
    end_column: Place | None = None
    char_offset: Count | None = None
    char_length: Count | None = None
    snippet: Snippet | None = None


class PhysicalLocation(Strict):
    artifact_location: ArtifactLocation
    region: Region | None = None


class LogicalLocation(Strict):
    name: str
    kind: Literal["resource"]


class Location(Strict):
    physical_location: PhysicalLocation
    logical_locations: list[LogicalLocation] = []


class Replacement(Strict):
    deleted_region: Region


class ArtifactChange(Strict):
    artifact_location: ArtifactLocation
    replacements: Annotated[list[Replacement], Meta(min_length=1)]


class Fix(Strict):
    description: Message
    artifact_changes: Annotated[list[ArtifactChange], Meta(min_length=1)]


class Suppression(Strict):
    kind: Literal["inSource", "external"]
    status: Literal["accepted", "underReview", "rejected"]
    justification: str


class Result(Strict):
    rule_id: str
    rule_index: Index
    kind: Literal["notApplicable", "pass", "fail", "review", "open", "informational"]
    level: Level
    message: Message
    locations: Annotated[list[Location], Meta(min_length=1)]
    partial_fingerprints: dict[str, str]
    rank: Rank
    properties: dict[str, Any]
    fixes: list[Fix] = []
    suppressions: list[Suppression] = []
    baseline_state: Literal["new", "unchanged", "updated", "absent"] | None = None


class Configuration(Strict):
    enabled: bool
    level: Level
    rank: Rank


class ReportingDescriptor(Strict):
    id: str
    short_description: Message
    full_description: Message
    help: Message
    properties: dict[str, Any]
    default_configuration: Configuration | None = None
    help_uri: Uri | None = None


class Driver(Strict):
    name: str
    version: str
    semantic_version: str
    language: Annotated[str, Meta(pattern="^[a-zA-Z]{2}(-[a-zA-Z]{2})?$")]
    rules: list[ReportingDescriptor]


class Tool(Strict):
    driver: Driver


class Notification(Strict):
    level: Level
    message: Message
    locations: list[Location] = []


class Invocation(Strict):
    execution_successful: bool
    tool_execution_notifications: list[Notification]


class Artifact(Strict):
    location: ArtifactLocation
    parent_index: Index = -1
    mime_type: Annotated[str, Meta(pattern="[^/]+/.+")] | None = None
    encoding: str | None = None


class Automation(Strict):
    id: str


class Run(Strict):
    tool: Tool
    results: list[Result]
    artifacts: list[Artifact]
    invocations: list[Invocation]
    automation_details: Automation
    column_kind: Literal["utf16CodeUnits", "unicodeCodePoints"]
    newline_sequences: Annotated[list[str], Meta(min_length=1)]
    properties: dict[str, Any]


class Log(Strict):
    schema: str = msgspec.field(name="$schema")
    version: Literal["2.1.0"]
    runs: list[Run]
