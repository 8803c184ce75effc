"""Credit for small firms (中小企业信贷): from a product that a bank finds to one that it builds itself.

    python3 examples/sme_credit.py --data data/demo --language zh

It needs a running `cityspace demo`, and asks its city and its finance node.
"""

import time
from typing import Any

from story import ANYBODY, CITY, FINANCE, Code, Story, granted, list_product, mutation, reviewed

FIRM = 4  # of the made-up firms, by its place in the file
Row = dict[str, Any]
SPACE = '{ spaces(first: 1, filter: {code: {eq: "%s"}}) { nodes { id name members(first: 9) { nodes { name } } } } }'
PARTICIPANT = '{ participants(first: 1, filter: {name: {eq: "%s"}}) { nodes { id name } } }'
SOURCE = """{ resources(first: 1, search: "%s", filter: {state: {eq: "AUTHORISABLE"}}) {
  nodes { id name grade provider { name } originNode { name } } } }"""
PRODUCT = """{ products(first: 1, filter: {id: {eq: "%s"}}) {
  nodes { name grade availability availabilityReason space { name } } } }"""


def main() -> None:
    story = Story(__doc__ or "")
    found_by_the_bank(story)
    the_figure(story)
    space = a_circle_of_its_own(story)
    grant, product = built_by_the_bank(story, space)
    who_sees_it(story, space, product)
    what_is_refused(story, grant)
    what_falls_with_the_right(story, space, grant, product)


def found_by_the_bank(story: Story) -> None:
    story.step("银行的人在城市枢纽找到什么", "What a bank's person finds at the city")
    query = """{ products(first: 5, search: "企业用电波动指数", filter: {hasOriginNode: true,
      purposes: {has: "credit-assessment"}}) { nodes { name grade priceFen priceUnit usagePolicy
      asOf owner { name } originNode { name } } } }"""
    index = story.one(CITY, "developer", query)
    owner, node, price = index["owner"]["name"], index["originNode"]["name"], index["priceFen"] / 100
    story.say(f"{index['name']}：{owner}所有，{node}的节点发布，{index['grade']} 级，每次 {price} 元",
              f"{index['name']}: owned by {owner}, published by the node of {node}, grade "
              f"{index['grade']}, {price} yuan a call")
    story.say(f"使用策略：{index['usagePolicy']}", f"Policy of use: {index['usagePolicy']}")
    story.holds(story.find(CITY, ANYBODY, query)[0]["name"] == index["name"],
                "产品已上架，任何人可查到", "It is listed, and anybody finds it")
    power = SOURCE % "企业月用电量"
    story.holds(not story.find(CITY, ANYBODY, power) and bool(story.find(CITY, "developer", power)),
                "其来源“企业月用电量”面向成员：银行可见，未登录者不可见",
                "Its source, electricity by firm and month, is for members: the bank sees it, others do not")


def the_figure(story: Story) -> None:
    story.step("指数如何按配方算出", "How the index is computed by its recipe")
    query = """{ products(first: 1, filter: {template: {eq: "electricity-index"}}) { nodes {
      grade sample { link } resources { nodes { name grade sample { link } } }
      lineage { edge target { kind name } } } } }"""
    made = story.one(FINANCE, "developer", query)
    [source] = made["resources"]["nodes"]
    told = story.file(made["sample"]["link"])[FIRM]
    bills = [each for each in story.file(source["sample"]["link"]) if each["credit_code"] == told["credit_code"]]
    kwh = [int(each["electricity_kwh"]) for each in bills]
    first, last = sum(kwh[-24:-12]), sum(kwh[-12:])
    capacity, utilisation = (last // 12 // 1000 + 1) * 10, kwh[-1] / max(kwh[-12:])
    paid = sum(each["paid_on_time"] == "true" for each in bills[-24:]) / 24
    story.say(f"企业 {told['credit_code']}，{told['month']}：近 12 个月用电 {last} 千瓦时，此前 12 个月 {first}",
              f"Firm {told['credit_code']}, {told['month']}: {last} kWh in the last 12 months, {first} in those before")
    for name, zh, en, value in (
        ("capacity", "容量 =（月均千瓦时 ÷ 1000 取整 + 1）× 10", "capacity = (mean of a month ÷ 1000, whole, + 1) × 10", str(capacity)),
        ("utilisation", "利用率 = 当月 ÷ 近 12 月峰值", "utilisation = this month ÷ peak of 12", f"{utilisation:.4f}"),
        ("growth", "增长 =（近 12 月 − 前 12 月）÷ 前 12 月", "growth = (last 12 − first 12) ÷ first 12", f"{(last - first) / first:.4f}"),
        ("integrity", "缴费诚信 = 按期缴费月数 ÷ 24", "integrity = bills paid in time ÷ 24", f"{paid:.4f}"),
    ):
        story.holds(told[name] == value, f"{zh} = {value}", f"{en} = {value}")
    story.holds(made["grade"] == source["grade"], f"产品 {made['grade']} 级，不低于来源",
                f"The product has grade {made['grade']}, not below its source")
    way = " → ".join(dict.fromkeys(each["target"]["name"] for each in made["lineage"]
                                   if each["edge"] in ("resources", "provider")))
    story.say(f"血缘：{way}", f"Lineage: {way}")


def a_circle_of_its_own(story: Story) -> Row:
    story.step("金融空间内设一个逻辑空间，接纳两名成员", "A logical space within finance, with two members")
    finance = story.one(CITY, "admin", SPACE % "finance")
    operator = story.one(CITY, "admin", PARTICIPANT % "城市数据交易所")
    space = story.do(CITY, "admin", "spaceEnter", values={
        "code": f"credit-{int(time.time())}", "name": "增信工作组 Credit circle", "kind": Code("LOGICAL"),
        "tier": Code("SUBSPACE"), "partOf": finance["id"], "operator": operator["id"]})
    for name, role in (("城市银行", "PROVIDER"), ("市市场监管局", "CONSUMER")):
        member = story.one(CITY, "admin", PARTICIPANT % name)
        story.do(CITY, "admin", "participantJoin", id=member["id"], space=space["id"],
                 role=Code(role), reason="增信合作")
        story.say(f"{name}加入", f"{name} joins")
    return dict(space)


def built_by_the_bank(story: Story, space: Row) -> tuple[str, str]:
    story.step("银行获授权使用能源空间的负荷数据，在金融节点建产品",
               "The bank is granted the energy space's load, and builds at the finance node")
    load = story.one(CITY, "developer", SOURCE % "企业小时负荷")
    story.say(f"{load['name']}：{load['provider']['name']}持有，{load['originNode']['name']}的节点发布",
              f"{load['name']}: held by {load['provider']['name']}, published by the node of {load['originNode']['name']}")
    grant = granted(story, "developer", title="小微企业增信", purpose="以用电负荷评估小微企业经营",
                    resources=[load["id"]])
    query = f'{{ resources(first: 1, filter: {{id: {{eq: "{load["id"]}"}}}}) {{ nodes {{ id }} }} }}'
    story.soon(lambda: story.find(FINANCE, "developer", query), "授权生效后几秒，金融节点有了它的条目",
               "Seconds after it is granted, the finance node has its entry")
    story.soon(lambda: story.find(FINANCE, "developer", SPACE_SEEN % (space["id"], "城市银行")),
               "逻辑空间与成员也已到达", "and the logical space with its members")
    product = reviewed(story, FINANCE, "developer", name="小微企业经营活跃度", template="joint-model",
                       summary="按小时负荷给出经营活跃度", audience=Code("SPACE"), space=space["id"],
                       useKind=Code("INDUSTRY"), priceFen=100, resources=[load["id"]],
                       authorisations=[grant], extra=[{"name": "model_kind", "value": "joint"}])
    list_product(story, FINANCE, "developer", product)
    row = story.one(FINANCE, "developer", PRODUCT % product)
    story.holds(row["grade"] == load["grade"], f"已上架，等级 {row['grade']}，随来源而定",
                f"Listed, with the grade of its source: {row['grade']}")
    return grant, product


SPACE_SEEN = '''{ spaces(first: 1, filter: {id: {eq: "%s"}, members: {name: {eq: "%s"}}}) {
  nodes { id } } }'''


def who_sees_it(story: Story, space: Row, product: str) -> None:
    story.step("谁看得见它，谁看不见", "Who sees it, and who does not")
    for person, zh, en in (("developer", "银行（所有方）", "the bank, whose it is"),
                           ("steward", "市市场监管局（成员）", "the market regulator, a member")):
        story.soon(lambda person=person: story.find(FINANCE, person, PRODUCT % product), f"可见：{zh}",
                   f"It is seen by {en}")
    for place, person, zh, en in (
        (FINANCE, "grid", "城市电网公司（非成员）", "the grid, not a member"),
        (FINANCE, ANYBODY, "未登录者", "anybody"),
        (CITY, "steward", "城市枢纽上的任何人，成员亦然：它不出金融节点", "anybody at the city, members included: it does not leave its node"),
    ):
        story.holds(not story.find(place, person, PRODUCT % product), f"不可见：{zh}", f"It is not seen by {en}")


def what_is_refused(story: Story, grant: str) -> None:
    story.step("什么会被拒绝，理由是什么", "What is refused, and why")
    values = {"name": "企业税务评分", "summary": "按纳税评分", "audience": Code("PUBLIC"), "useKind": Code("INDUSTRY"),
              "priceFen": 100, "template": "joint-model", "extra": [{"name": "model_kind", "value": "joint"}]}
    tax = story.one(FINANCE, "developer", SOURCE % "企业纳税汇总指标")
    draft = story.do(FINANCE, "developer", "productDraft", values={**values, "resources": [tax["id"]]})
    story.say("看得见不等于有权用：银行没有纳税指标的授权", "To see is not to be allowed: the bank has no right to tax data")
    story.refused(FINANCE, "developer", mutation("productSubmit", id=draft["id"]), code="product.source_not_granted")
    story.say("成员只是使用方，不能加工产品", "A member who consumes makes no products")
    story.refused(FINANCE, "steward", mutation("productDraft", values=values), code="lifecycle.role_missing")
    load = story.one(FINANCE, "developer", SOURCE % "企业小时负荷")
    low = reviewed(story, FINANCE, "developer", **values, grade=1, resources=[load["id"]], authorisations=[grant])
    story.say("产品不能比其他空间的来源等级更低", "A product is not graded below what another space graded")
    story.refused(FINANCE, "developer", mutation("productSubmit", id=low), code="product.grade_too_low")


def what_falls_with_the_right(story: Story, space: Row, grant: str, product: str) -> None:
    story.step("授权撤销，成员退出", "The right is revoked, and a member leaves")
    story.do(CITY, "reviewer2", "authorisationRevoke", id=grant, reason="用途结束")
    [fallen] = story.soon(lambda: [each for each in story.find(FINANCE, "developer", PRODUCT % product)
                                   if each["availability"] == "SUSPENDED"],
                          "几秒后，金融节点的产品暂停", "Seconds later the product at the finance node is suspended")
    story.say(f"理由（仅所有方可见）：{fallen['availabilityReason']}",
              f"Why, for its owner: {fallen['availabilityReason']}")
    member = story.one(CITY, "admin", PARTICIPANT % "市市场监管局")
    story.do(CITY, "admin", "participantLeave", id=member["id"], space=space["id"], reason="合作结束")
    story.soon(lambda: not story.find(FINANCE, "steward", PRODUCT % product), "退出的成员不再看得见它",
               "Who left the circle sees it no longer")


if __name__ == "__main__":
    main()
