"""Sites and proofs as JSON, for the pipe between the prover and its worker.

Where a site stands in its file is left out: the same statements get the same proof anywhere.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from tflint_slice.model import Kind, Operand, Proof, Reason, Site, Verdict

Message = dict[str, Any]

SECONDS = "seconds"
"""The part of each request that says how long the worker may take for it."""
FOLDER = "TFLINT_SLICE_FOLDER"
"""The environment variable that tells a worker which folder goes when it goes."""

_REASONS = {reason.value: reason for reason in Reason}


def site_to_json(site: Site) -> Message:
    return {
        "before": site.before,
        "after": site.after,
        "target": site.target,
        "reference": site.reference,
        "dead": site.dead,
        "assumes": None if site.assumes is None else site.assumes.value,
        "caught": site.caught,
        "taped": site.taped,
        "compiled": site.compiled,
        "local": site.local,
        "modules": [list(pair) for pair in site.modules],
        "facts": [[text, _operand_to_json(fact)] for text, fact in site.facts],
    }


def site_from_json(message: Message) -> Site:
    return Site(
        message["before"],
        message["after"],
        message["target"],
        facts=tuple((text, _operand_from_json(fact)) for text, fact in message["facts"]),
        modules=tuple((name, path) for name, path in message["modules"]),
        reference=message["reference"],
        dead=tuple(message["dead"]),
        assumes=None if message["assumes"] is None else _REASONS[message["assumes"]],
        caught=message["caught"],
        taped=message["taped"],
        compiled=message["compiled"],
        local=message["local"],
    )


def proof_to_json(proof: Proof) -> Message:
    return {item.name: getattr(proof, item.name) for item in fields(proof)}


def proof_from_json(message: Message) -> Proof:
    values: Message = {
        name: tuple(value) if isinstance(value, list) else value for name, value in message.items()
    }
    return Proof(verdict=Verdict(values.pop("verdict")), **values)


def _operand_to_json(fact: Operand) -> Message:
    return {item.name: getattr(fact, item.name) for item in fields(fact) if item.name != "span"}


def _operand_from_json(message: Message) -> Operand:
    shape = message["shape"]
    return Operand(
        **{
            **message,
            "kind": Kind(message["kind"]),
            "shape": None if shape is None else tuple(shape),
        }
    )
