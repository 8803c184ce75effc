"""`effectiveRules` of a space: what applies there at a moment, and which rulebooks say so."""

from typing import Any

import graphene

from dataspace.codes import GOVERNANCE_TIER
from dataspace.shape import Type
from dataspace.text import Text
from hub.api.schema.registry import Registry, by_response_key, identifier, listed
from hub.api.schema.scalars import scalar


def effective_rules_field(registry: Registry) -> Any:
    return registry.must(
        listed(_rule(registry)),
        "Rules that apply here, the tightest of all tiers, and where each comes from",
        "此处适用的规则（取各层级中最严者）及其出处",
        resolver=by_response_key,
        at=registry.argument(
            scalar(registry, Type.MOMENT),
            "At which moment; now unless given",
            "查询时间，默认为当前",
        ),
    )


def _rule(registry: Registry) -> Any:
    must, string = registry.must, graphene.String

    def make() -> Any:
        return registry.object(
            "EffectiveRule",
            Text("A rule that applies to a space at a moment", "某一时间适用于空间的规则"),
            {
                "name": must(string, "Name of the rule", "规则名"),
                "label": must(string, "In words", "规则说明"),
                "value": must(string, "Value, in its written form", "取值"),
                "unit": must(string, "Unit of the value", "单位"),
                "tighter": must(string, "Which way is tighter", "更严的方向"),
                "sources": must(
                    listed(_source(registry)),
                    "Versions of rulebooks that say so, from the top down; usually one",
                    "作出规定的规则册版本，自上而下；通常为一个",
                ),
            },
        )

    return registry.once("EffectiveRule", make)


def _source(registry: Registry) -> Any:
    must = registry.must

    def make() -> Any:
        return registry.object(
            "RuleSource",
            Text("A version of a rulebook that states a rule", "规定该规则的规则册版本"),
            {
                "id": identifier(registry),
                "space": must(graphene.String, "Code of its space", "所属空间代码"),
                "tier": must(registry.table(GOVERNANCE_TIER), "Its tier", "治理层级"),
                "edition": must(graphene.Int, "Version", "版本号"),
                "takes_effect_at": must(
                    scalar(registry, Type.MOMENT), "When it took effect", "生效时间"
                ),
            },
        )

    return registry.once("RuleSource", make)
