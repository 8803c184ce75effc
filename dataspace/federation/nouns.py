"""The nouns of federation, and what a node keeps of the application that it came with."""

from dataclasses import replace

from dataspace import codes
from dataspace.federation.joining.codes import INVITATION_STATE
from dataspace.federation.queue.nouns import HUB_REQUEST as HUB_REQUEST
from dataspace.rulebooks.nouns import STATEMENTS
from dataspace.shape import (
    Edge,
    Noun,
    Reader,
    code_field,
    moment_field,
    names_field,
    number_field,
    text_field,
)
from dataspace.text import Text

DECLARED_CHARACTERS_MAX = 4000
PROFILE = text_field("profile", "Profile, by its name", "子空间类型", length_max=40, filter=True, facet=True)

INVITATION = Noun(
    "invitation", "invitations", "inv",
    Text("Invitation", "邀请"), Text("Invitations", "邀请"),
    fields=(
        text_field("code", "Public part of the code, which names it", "邀请码公开部分", length_max=20, must=True,
                   unique=True, filter=True),
        text_field("secret_hash", "Hash of the secret part of the code", "邀请码保密部分的哈希", length_max=64,
                   must=True, reader=Reader.STAFF),
        code_field("state", INVITATION_STATE, must=True, facet=True),
        code_field("kind", codes.NODE_KIND, must=True, facet=True),
        replace(PROFILE, must=True),
        moment_field("valid_until", "Until when it may be used", "有效期至", must=True, sort=True),
        number_field("wrong_tries", "How often it was tried with a wrong secret", "错误尝试次数"),
        number_field("tries_max", "Wrong tries at which it is void", "作废所需的错误次数"),
        text_field("issued_by", "Who issued it", "签发人", length_max=80, filter=True),
        moment_field("used_at", "When it was used", "使用时间", sort=True),
        moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
        moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
    ),
    edges=(
        Edge("participant", "participant", Text("Participant that is invited", "受邀主体"),
             "invitations", Text("Invitations for it", "对其的邀请"), must=True),
        Edge("space", "space", Text("Space that the node will serve", "拟服务的空间"),
             "invitations", Text("Invitations to serve it", "服务该空间的邀请")),
        Edge("node", "node", Text("Node that was applied for with it", "据此申请的节点"),
             "invitations", Text("Invitation that it came with", "所用邀请")),
    ),
    owner="participant",
    paths=(("state", "valid_until"),),
)  # fmt: skip

# What an application says of the node that is to join, and what is noted of its keys and stops.
ENROLLED = (
    PROFILE,
    names_field("capabilities", "What it can do", "能力清单", filter=True),
    text_field("signing_keys", "Public keys that its requests are signed by (JWKS)", "请求签名公钥（JWKS）",
               length_max=20000, reader=Reader.OWNER),
    moment_field("credential_until", "Until when its keys hold", "凭证有效期至", sort=True),
    text_field("purpose", "Purpose that it declares", "声明的目的", length_max=DECLARED_CHARACTERS_MAX),
    text_field("participant_limits", "Whom it lets take part", "声明的参与主体限制",
               length_max=DECLARED_CHARACTERS_MAX),
    text_field("resources_declared", "Resources that it declares", "声明的资源", length_max=DECLARED_CHARACTERS_MAX),
    text_field("usage_policies", "Policies of use that it declares", "声明的使用策略",
               length_max=DECLARED_CHARACTERS_MAX),
    moment_field("stop_announced_at", "When its planned stop was announced", "停服公告时间", sort=True),
    moment_field("stopped_at", "Since when it stands still", "停服开始时间", sort=True),
)  # fmt: skip
OWN_RULES = replace(
    STATEMENTS, name="own_rules", text=Text("Rules of its own, tighter than the city's", "自身规则（严于城市规则）")
)
